using System.Net.WebSockets;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Logging;
using Gateway.Api.Streams;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Pipeline;

/// <summary>
/// A WebSocket, by the handshake of HTTP/1.1 (RFC 6455) or of HTTP/2 (RFC 8441). What can fail before the socket opens answers
/// like any other request.
/// </summary>
internal sealed partial class SocketTransport(
    DuplexExchange exchange,
    IOptions<GatewayOptions> options,
    ObjectPool<ResponseWriter> writers,
    TimeProvider time,
    ILogger<SocketTransport> logger) : DuplexTransport(exchange)
{
    public override StringValues AuthorizationOf(HttpContext http) => base.AuthorizationOf(http) is { Count: > 0 } header
        ? header
        : SocketProtocols.AuthorizationIn(http.WebSockets.WebSocketRequestedProtocols);

    public override ApiError? RefusalOf(HttpContext http)
    {
        if (http.WebSockets.IsWebSocketRequest)
        {
            return null;
        }

        http.Response.Headers.Allow = HttpMethods.Post;
        return ApiErrors.NotAHandshake;
    }

    protected override async Task RunAsync(DuplexCall call, IMessageReader reader)
    {
        var http = call.Incoming.Http;
        using var socket = await AcceptAsync(http.WebSockets);
        try
        {
            var output = new SocketOutput(http, socket, writers);
            await using var requests = new SocketMessages(socket, http, reader, time);
            await Exchange.RunAsync(call, requests, output, holdsAnswers: false);
        }
        catch (Exception exception) when (
            socket.State == WebSocketState.Aborted && exception is WebSocketException or OperationCanceledException or IOException)
        {
            LogSocketLost(http.TraceIdentifier);
            RequestRecord.Of(http).ClientLeft = true;
            http.Abort();
        }
    }

    // Unasked pongs keep the way open. Asking for the client's would cut off living ones: its pong stands behind the messages
    // that it has sent, and those wait for the upstream. A dead one is found by what it does not take, or by the stream's limits.
    private Task<WebSocket> AcceptAsync(WebSocketManager sockets) => sockets.AcceptWebSocketAsync(new WebSocketAcceptContext
    {
        SubProtocol = SocketProtocols.ChosenFrom(sockets.WebSocketRequestedProtocols),
        KeepAliveInterval = options.Value.Streams.HeartbeatInterval,
        KeepAliveTimeout = Timeout.InfiniteTimeSpan,
    });

    [LoggerMessage(LogLevel.Debug, "The WebSocket of request {RequestId} was lost, or its client took nothing for too long")]
    private partial void LogSocketLost(string requestId);
}
