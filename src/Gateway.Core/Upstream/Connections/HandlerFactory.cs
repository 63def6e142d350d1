using System.Net;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// Makes the handlers that do HTTP/2 for a channel; nothing is connected, and no timer runs, before a handler's first call.
/// </summary>
internal static class HandlerFactory
{
    /// <summary>The window of streams, in bytes: what a slow reader lets the peer put into memory.</summary>
    public const int StreamWindow = 256 * 1024;

    /// <summary>
    /// The window of unary calls, in bytes. Nobody reads these slowly; on long ways a window is what arrives in one round trip.
    /// </summary>
    public const int UnaryWindow = 4 * 1024 * 1024;

    /// <summary>Makes a handler, which the caller owns.</summary>
    /// <param name="options">The channel's options.</param>
    /// <param name="window">How many bytes a peer may send on one HTTP/2 stream before they are read.</param>
    public static SocketsHttpHandler Create(ChannelOptions options, int window)
    {
        var connector = new Connector(options);
        return new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = (context, cancellationToken) =>
                connector.ConnectAsync(
                    context.DnsEndPoint, context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps, cancellationToken),
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = window,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new ConnectionStream(context.PlaintextStream)),
            PooledConnectionIdleTimeout = options.ConnectionIdleTimeout,
            PooledConnectionLifetime = options.ConnectionLifetime,
            RequestHeaderEncodingSelector = static (_, request) =>
            {
                // It is asked for each header, whenever these are about to be sent.
                CallHandler.ThrowIfSpent(request);
                return null;
            },
            UseCookies = false,
            UseProxy = false,
        };
    }
}
