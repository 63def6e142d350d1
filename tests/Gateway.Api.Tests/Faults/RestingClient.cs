using System.Net;
using Clarifai.Api;
using Gateway.Api.Tests.Faces.Grpc;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faults;

/// <summary>A client with a two-way call open, which has had all its answers and says nothing for now.</summary>
/// <param name="last">The last that a client is told when the gateway stops.</param>
internal abstract class RestingClient(string last) : IAsyncDisposable
{
    /// <summary>The last that it is told when the gateway stops.</summary>
    public string Last { get; } = last;

    public static async Task<RestingClient> OpenAsync(GatewayHost gateway, string way)
    {
        RestingClient client = way switch
        {
            "WebSocket" => new OverWebSocket(await SocketClient.OpenAsync(gateway)),
            "body" => OverBody.Open(gateway),
            _ => new OverGrpc(gateway),
        };
        if (way.EndsWith("before its first message", StringComparison.Ordinal))
        {
            await client.StartedAsync();
            return client;
        }

        await client.SendAsync("one");
        Assert.Equal("one", await client.NextAsync().WaitAsync(TwoWay.Limit));
        return client;
    }

    public abstract Task SendAsync(string text);

    /// <summary>The text of the next answer.</summary>
    public abstract Task<string> NextAsync();

    /// <summary>How the call ends, when nothing else comes before.</summary>
    public abstract Task<string> EndAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Waits until the gateway has the call.</summary>
    protected virtual Task StartedAsync() => Task.CompletedTask;

    private sealed class OverWebSocket(SocketClient socket) : RestingClient("error 10030, 1001")
    {
        public override Task SendAsync(string text) => socket.SendAsync(TwoWay.Json(text));

        public override async Task<string> NextAsync() => TwoWay.Brief(await socket.NextAsync());

        public override async Task<string> EndAsync()
        {
            var (records, code, _) = await socket.RestAsync();
            return $"{string.Join(' ', records)}, {code}";
        }

        public override ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class OverBody(HttpClient client, HttpRequestMessage request, PushedContent body, Task<HttpResponseMessage> sending) : RestingClient("error 10030")
    {
        private StreamReader? _lines;

        public static OverBody Open(GatewayHost gateway)
        {
            var client = gateway.CreateClientWithKey();
            var body = new PushedContent();
            var request = TwoWay.Request(gateway, client, HttpVersion.Version20, body);
            return new OverBody(client, request, body, TwoWay.SendAsync(client, request));
        }

        public override Task SendAsync(string text) => body.WriteAsync(TwoWay.Json(text));

        public override async Task<string> NextAsync()
        {
            _lines ??= new StreamReader(await (await sending).Content.ReadAsStreamAsync());
            return TwoWay.Brief(await TwoWay.NextAsync(_lines));
        }

        public override Task<string> EndAsync() => NextAsync();

        public override ValueTask DisposeAsync()
        {
            _lines?.Dispose();
            request.Dispose();
            client.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class OverGrpc : RestingClient
    {
        private readonly RawChannel _channel;
        private readonly RawCall _call;

        public OverGrpc(GatewayHost gateway)
            : base("Unavailable")
        {
            _channel = new RawChannel(gateway.GrpcAddress);
            _call = _channel.DuplexStreaming(GrpcFront.Stream, GrpcFront.Options("Key client-key"));
        }

        public override Task SendAsync(string text) =>
            _call.WriteAsync(new PostModelOutputsRequest { ModelId = "m", Inputs = { new Input { Data = new Data { Text = new Text { Raw = text } } } } }.ToByteArray());

        public override async Task<string> NextAsync() => MultiOutputResponse.Parser.ParseFrom(await _call.ReadAsync()).Outputs[0].Data.Text.Raw;

        public override async Task<string> EndAsync()
        {
            await _call.ReadToEndAsync();
            return _call.Status.StatusCode.ToString();
        }

        public override async ValueTask DisposeAsync()
        {
            _call.Dispose();
            await _channel.DisposeAsync();
        }

        protected override async Task StartedAsync() => await _call.ReadHeadersAsync().WaitAsync(TwoWay.Limit);
    }
}
