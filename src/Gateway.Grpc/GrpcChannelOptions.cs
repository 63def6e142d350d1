using System.Net.Security;

namespace Gateway.Grpc;

/// <summary>How a channel connects, and what it accepts.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>The default limit of one message: 128 MiB, what the API itself answers at most. gRPC's usual 4 MiB would refuse images.</summary>
    public const int DefaultMaxMessageSize = 128 * 1024 * 1024;

    /// <summary>The most bytes of one received message, compressed or not; beyond it the call ends with <see cref="GrpcStatusCode.ResourceExhausted"/>.</summary>
    public int MaxReceiveMessageSize { get; init; } = DefaultMaxMessageSize;

    /// <summary>The most bytes of one sent message before compression; beyond it the call ends with <see cref="GrpcStatusCode.ResourceExhausted"/>.</summary>
    public int MaxSendMessageSize { get; init; } = DefaultMaxMessageSize;

    /// <summary>How long connecting may take, TLS included; then calls end with <see cref="GrpcStatusCode.Unavailable"/>.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection takes new calls; a fresh one asks DNS again. Calls that run on an old connection finish there.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>TLS settings for <c>https://</c> addresses, such as trusted roots or a client certificate; null for the system's.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The <c>user-agent</c> of calls whose metadata has none.</summary>
    public string UserAgent { get; init; } = DefaultUserAgent;

    private static string DefaultUserAgent { get; } =
        $"grpc-dotnet-gateway/{typeof(GrpcChannelOptions).Assembly.GetName().Version?.ToString(3)}";
}
