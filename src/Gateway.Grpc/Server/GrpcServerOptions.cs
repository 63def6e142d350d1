using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grpc.Server;

/// <summary>What a served method accepts.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>The most bytes of one received message, compressed or not; beyond it the call ends with <see cref="GrpcStatusCode.ResourceExhausted"/>.</summary>
    public int MaxReceiveMessageSize { get; init; } = GrpcChannelOptions.DefaultMaxMessageSize;

    /// <summary>The most bytes of one sent message before compression; beyond it the call ends with <see cref="GrpcStatusCode.ResourceExhausted"/>.</summary>
    public int MaxSendMessageSize { get; init; } = GrpcChannelOptions.DefaultMaxMessageSize;

    /// <summary>
    /// Whether calls pass through to another server: messages are read and sent in the form that they have (<see cref="Gateway.Grpc.PassThrough"/>).
    /// </summary>
    public bool PassThrough { get; init; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Waits for a client that does not take what was written at once, in place of the call: so a host can cut clients that stopped reading. To
    /// end the call it aborts the request. Null: the call waits as long as the server does.
    /// </summary>
    public Func<HttpContext, ValueTask<FlushResult>, ValueTask<FlushResult>>? WatchClient { get; init; }
}
