using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Api.Tests.Support;

/// <summary>The platform's WebSocket client, with text in and records out.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());

    public ClientWebSocket Socket => _socket;

    /// <summary>Opens a socket on a two-way call, by HTTP/1.1 or HTTP/2.</summary>
    public static async Task<SocketClient> OpenAsync(GatewayHost gateway, string version = "1.1", string path = TwoWay.Stream, params (string Name, string Value)[] headers)
    {
        var client = new SocketClient();
        try
        {
            await client.ConnectAsync(gateway, version, path, headers);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>The HTTP status that a handshake is refused with.</summary>
    public static async Task<HttpStatusCode> RefusalAsync(
        GatewayHost gateway, string version = "1.1", string path = TwoWay.Stream, params (string Name, string Value)[] headers)
    {
        using var client = new SocketClient();
        client._socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => client.ConnectAsync(gateway, version, path, headers));
        return client._socket.HttpStatusCode;
    }

    /// <summary>Opens the socket; without headers of the test's own, with a key.</summary>
    public async Task ConnectAsync(GatewayHost gateway, string version, string path, params (string Name, string Value)[] headers)
    {
        using var starting = gateway.CreateClient();
        _socket.Options.HttpVersion = Version.Parse(version);
        _socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        foreach (var (name, value) in headers)
        {
            _socket.Options.SetRequestHeader(name, value);
        }

        if (headers.Length == 0)
        {
            _socket.Options.SetRequestHeader("Authorization", "Key client-key");
        }

        var address = _socket.Options.HttpVersion == HttpVersion.Version20 ? gateway.GrpcAddress : starting.BaseAddress!;
        await _socket.ConnectAsync(new UriBuilder(new Uri(address, path)) { Scheme = "ws" }.Uri, _http, CancellationToken.None).WaitAsync(TwoWay.Limit);
    }

    /// <summary>Sends a message, or a part of one.</summary>
    public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text, bool end = true) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), type, end, CancellationToken.None);

    /// <summary>Half-closes, as a WebSocket can: with an empty message.</summary>
    public Task EndAsync() => SendAsync("");

    /// <summary>The next message; null when the socket is closed.</summary>
    public async Task<JsonNode?> NextAsync()
    {
        var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await _socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(TwoWay.Limit);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                if (_socket.State == WebSocketState.CloseReceived)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                }

                return null;
            }

            Assert.Equal(WebSocketMessageType.Text, received.MessageType);
            text.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
            {
                return JsonNode.Parse(text.ToArray());
            }
        }
    }

    /// <summary>All further messages in short, and how the socket was closed.</summary>
    public async Task<(List<string> Records, int Code, string Reason)> RestAsync()
    {
        var records = new List<string>();
        while (await NextAsync() is { } record)
        {
            records.Add(TwoWay.Brief(record));
        }

        return (records, (int)_socket.CloseStatus!, _socket.CloseStatusDescription ?? "");
    }

    public void Dispose()
    {
        _socket.Dispose();
        _http.Dispose();
    }
}
