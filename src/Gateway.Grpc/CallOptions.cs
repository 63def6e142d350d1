namespace Gateway.Grpc;

/// <summary>What one call asks for beyond its request.</summary>
public readonly record struct CallOptions
{
    /// <summary>Metadata to send; it must not change until the call has ended. Keys that gRPC itself uses are left out.</summary>
    public Metadata? Headers { get; init; }

    /// <summary>How long the whole call may take; then it ends with <see cref="GrpcStatusCode.DeadlineExceeded"/>. Null: as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether messages are sent with gzip.</summary>
    public bool CompressRequest { get; init; }

    /// <summary>Cancels the call: its stream is reset, and whoever awaits it gets an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }
}
