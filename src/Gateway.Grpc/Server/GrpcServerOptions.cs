namespace Gateway.Grpc.Server;

/// <summary>What a served method accepts.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>The most bytes of one received message, compressed or not; beyond it the call ends with <see cref="GrpcStatusCode.ResourceExhausted"/>.</summary>
    public int MaxReceiveMessageSize { get; init; } = GrpcChannelOptions.DefaultMaxMessageSize;

    /// <summary>The most bytes of one sent message before compression; beyond it the call ends with <see cref="GrpcStatusCode.ResourceExhausted"/>.</summary>
    public int MaxSendMessageSize { get; init; } = GrpcChannelOptions.DefaultMaxMessageSize;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
