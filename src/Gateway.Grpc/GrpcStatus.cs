namespace Gateway.Grpc;

/// <summary>How a call ended: a code, a text for people, and optional details for programs.</summary>
/// <param name="Code">The status code.</param>
/// <param name="Message">Any Unicode text; empty when there is nothing to say.</param>
/// <param name="Details">The bytes of <c>grpc-status-details-bin</c>: a <c>google.rpc.Status</c> message by convention; empty when absent.</param>
public readonly record struct GrpcStatus(GrpcStatusCode Code, string Message = "", ReadOnlyMemory<byte> Details = default)
{
    /// <summary>Success, with nothing to add.</summary>
    public static readonly GrpcStatus OK = new(GrpcStatusCode.OK);

    /// <summary>The text of the status; never null.</summary>
    public string Message { get => field ?? ""; init; } = Message;

    /// <summary>Whether this side's own size limit ended the call, rather than the peer's judgement.</summary>
    public bool IsOverSizeLimit { get; init; }

    /// <summary>Whether this side made the status because it could not connect, or lost the connection: the peer did not answer.</summary>
    public bool IsConnectionFailure { get; init; }

    /// <summary>Whether the peer surely has done nothing for the call, so that making it again is safe whatever it asks for.</summary>
    public bool IsUnprocessed { get; init; }

    /// <summary>Whether the code is <see cref="GrpcStatusCode.OK"/>.</summary>
    public bool IsOK => Code == GrpcStatusCode.OK;
}
