using System.Net;

namespace Gateway.Grpc.Connections;

/// <summary>Makes the handlers that do HTTP/2 for a channel; nothing is connected, and no timer runs, before a handler's first call.</summary>
internal static class HandlerFactory
{
    // How much a peer may send on one stream before it is read. More would let a slow reader hold it in memory; fast streams
    // on long ways get more by the handler's own scaling.
    private const int StreamWindow = 256 * 1024;

    public static HttpMessageInvoker Create(GrpcChannelOptions options)
    {
        var connector = new Connector(options);
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(context.DnsEndPoint, cancellationToken),
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindow,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new HandshakeStream(context.PlaintextStream)),
            PooledConnectionIdleTimeout = options.ConnectionIdleTimeout,
            PooledConnectionLifetime = options.ConnectionLifetime,
            UseCookies = false,
            UseProxy = false,
        };
        if (options.Tls is not null) handler.SslOptions = options.Tls;
        return new HttpMessageInvoker(handler);
    }
}
