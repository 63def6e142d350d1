namespace Gateway.Grpc.Messages;

/// <summary>What a read found: a message, a failure, or (neither) the end of the stream.</summary>
internal readonly struct MessageReadResult
{
    private MessageReadResult(Payload? message, GrpcStatus? failure)
    {
        Message = message;
        Failure = failure;
    }

    /// <summary>The message, which the reader now owns.</summary>
    public Payload? Message { get; }

    /// <summary>Why there is no message.</summary>
    public GrpcStatus? Failure { get; }

    public static implicit operator MessageReadResult(Payload message) => new(message, null);

    public static implicit operator MessageReadResult(GrpcStatus failure) => new(null, failure);
}
