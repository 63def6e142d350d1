using System.Net;
using System.Net.Security;

namespace Gateway.Core.Upstream.Connections;

/// <summary>How a channel connects, and what it accepts.</summary>
public sealed record ChannelOptions
{
    /// <summary>
    /// The most bytes of one received message, compressed or not; beyond it the call ends with
    /// <see cref="Grpc.Core.StatusCode.ResourceExhausted"/>. By default 128 MiB, what the API itself answers at most; gRPC's usual 4 MiB
    /// would refuse images.
    /// </summary>
    public int MaxReceiveMessageSize { get; init; } = 128 * 1024 * 1024;

    /// <summary>
    /// Finds the addresses of a host each time that a connection is opened; they are tried in order. It throws a
    /// <see cref="System.Net.Sockets.SocketException"/> for a host that there is not. By default the system's resolver.
    /// </summary>
    public Func<string, CancellationToken, ValueTask<IPAddress[]>> ResolveHost { get; init; } =
        static (host, cancellationToken) => new ValueTask<IPAddress[]>(Dns.GetHostAddressesAsync(host, cancellationToken));

    /// <summary>
    /// How long connecting may take, the handshakes of TLS and HTTP/2 included; then calls end with
    /// <see cref="Grpc.Core.StatusCode.Unavailable"/>.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection takes new calls; a fresh one asks DNS again. Calls that run on an old connection finish there.
    /// </summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection without calls is kept: less than the minute after which common load balancers drop it.</summary>
    public TimeSpan ConnectionIdleTimeout { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>
    /// How long a connection with calls may bring nothing before it is asked for a sign of life, at least one second.
    /// gRPC's servers by default forgive two pings that come less than five minutes after another, and close the connection at the next
    /// (gRPC A8, "too_many_pings"); what they send themselves clears the count. The first ping of a silence costs nothing, the fourth
    /// ends all calls: four times this must be longer than a call may be silent, which is five minutes for the gateway's. Asking every
    /// five minutes would be safe for ever, and find nothing sooner than the time limits do. Hosts that are gone are found by TCP, in 30 s.
    /// </summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How long the sign of life may take, at least one second; then the calls end with <see cref="Grpc.Core.StatusCode.Unavailable"/>.
    /// </summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Fires when this side shuts down: calls that are answered once and still wait then end with
    /// <see cref="Grpc.Core.StatusCode.Unavailable"/>. Others are their callers' to end.
    /// </summary>
    public CancellationToken Shutdown { get; init; }

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Makes the TLS settings of a connection to an <c>https://</c> address, such as trusted roots or a client certificate. It is asked for
    /// each connection, so that certificates can change; what it makes is not used again. By default the system's.
    /// </summary>
    public Func<SslClientAuthenticationOptions> Tls { get; init; } = static () => new SslClientAuthenticationOptions();
}
