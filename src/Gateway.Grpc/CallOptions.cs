namespace Gateway.Grpc;

/// <summary>What one call asks for beyond its request.</summary>
public readonly record struct CallOptions
{
    /// <summary>Metadata to send; it must not change until the call has ended. Keys that gRPC itself uses are left out.</summary>
    public Metadata? Headers { get; init; }

    /// <summary>How long the whole call may take; then it ends with <see cref="GrpcStatusCode.DeadlineExceeded"/>. Null: as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// How long a read may wait for the first response message, or for the headers; then the call ends with
    /// <see cref="GrpcStatusCode.DeadlineExceeded"/>. Only time spent in a read counts, and a message sent meanwhile begins it anew. Null: no limit.
    /// </summary>
    public TimeSpan? FirstMessageTimeout { get; init; }

    /// <summary>As <see cref="FirstMessageTimeout"/>, for every later message and for the end of the call. Null: no limit.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Whether messages are sent with gzip.</summary>
    public bool CompressRequest { get; init; }

    /// <summary>What another call's ends say of gzip, whose messages this call passes on as they are. Null: the messages begin and end here.</summary>
    public PassThrough? PassThrough { get; init; }

    /// <summary>Cancels the call: its stream is reset, and whoever awaits it gets an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }
}
