using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.Mcp;
using Gateway.Api.Tests.Faces.OpenAi;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;
using static Gateway.Api.Tests.Tenancy.ChangingTenant;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>What becomes of calls of named methods, of the OpenAI face and of MCP when their tenant changes while the model works.</summary>
public sealed class FaceRevocationTests : IAsyncLifetime
{
    private const string Model = "/v2/users/home/apps/kitchen/models/m/methods/";
    private const string Chat = """{"model":"home/kitchen/models/m","messages":[{"role":"user","content":"hi"}]""";
    private const string Tools = "/users/home/apps/kitchen/models/m";

    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MethodSignature[] _methods = [];
    private RecordingUpstream? _upstream;
    private GatewayHost? _gateway;

    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(ServeAsync);

    public async Task DisposeAsync()
    {
        await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _upstream!.DisposeAsync();
    }

    public static TheoryData<string, string, int> Revocations => new()
    {
        { "KeySha256", Hash("new-key"), 11009 },
        { "Models:0", "other", 11007 },
    };

    [Theory]
    [MemberData(nameof(Revocations))]
    public async Task MethodThatStreams_EndsWithARecordThatSaysSo(string setting, string value, int code)
    {
        Start(Signature("generate", RunnerMethodType.UnaryStreaming, ("prompt", DataType.Str)));
        using var client = _gateway!.CreateClientWithKey("key");
        using var request = new HttpRequestMessage(HttpMethod.Post, Model + "generate") { Content = new StringContent("""{"prompt":"hi"}""") };
        request.Headers.Add("Accept", "application/x-ndjson");
        using var response = await TwoWay.SendAsync(client, request);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("said", (string?)await TwoWay.NextAsync(lines));

        Change(_gateway, (setting, value));

        Assert.Equal($"error {code}", TwoWay.Brief(await TwoWay.NextAsync(lines)));
        Assert.Null(await TwoWay.NextAsync(lines));
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Theory]
    [MemberData(nameof(Revocations))]
    public async Task TwoWayMethod_OverABody_EndsWithARecordThatSaysSo(string setting, string value, int code)
    {
        Start(Signature("stream", RunnerMethodType.StreamingStreaming, ("prompt", DataType.Str)));
        using var client = _gateway!.CreateClientWithKey("key");
        using var body = new PushedContent();
        using var request = TwoWay.Request(_gateway, client, HttpVersion.Version20, body, Model + "stream");
        var sending = TwoWay.SendAsync(client, request);
        await body.WriteAsync("""{"prompt":"hi"}""");
        using var response = await sending;
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("said", (string?)await TwoWay.NextAsync(lines));

        Change(_gateway, (setting, value));

        Assert.Equal($"error {code}", TwoWay.Brief(await TwoWay.NextAsync(lines)));
        Assert.Null(await TwoWay.NextAsync(lines));
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Theory]
    [MemberData(nameof(Revocations))]
    public async Task TwoWayMethod_OverAWebSocket_EndsWithARecordAndCloses(string setting, string value, int code)
    {
        Start(Signature("stream", RunnerMethodType.StreamingStreaming, ("prompt", DataType.Str)));
        using var client = await SocketClient.OpenAsync(_gateway!, path: Model + "stream", headers: ("Authorization", "Key key"));
        await client.SendAsync("""{"prompt":"hi"}""");
        Assert.Equal("said", (string?)await client.NextAsync());

        Change(_gateway!, (setting, value));

        var (records, close, _) = await client.RestAsync();
        Assert.Equal([$"error {code}"], records);
        Assert.Equal(1008, close);
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Theory]
    [InlineData("KeySha256", "invalid_api_key")]
    [InlineData("Models:0", "11007")]
    public async Task OpenAiStream_EndsWithAnErrorEvent(string setting, string code)
    {
        Start(Signature("generate", RunnerMethodType.UnaryStreaming, ("prompt", DataType.Str)));
        using var client = _gateway!.CreateClientWithKey("key");
        using var request = new HttpRequestMessage(HttpMethod.Post, Face.Chat) { Content = Json(Chat + ""","stream":true}""") };
        using var response = await TwoWay.SendAsync(client, request);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("said", (string?)(await NextEventAsync(lines))!["choices"]![0]!["delta"]!["content"]);

        Change(_gateway, (setting, setting == "KeySha256" ? Hash("new-key") : "other"));

        Assert.Equal(code, (string?)(await NextEventAsync(lines))!["error"]!["code"]!);
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    /// <summary>Of a model that streams, whose answer is collected, and of one that answers once.</summary>
    [Theory]
    [InlineData(RunnerMethodType.UnaryStreaming, "KeySha256", HttpStatusCode.Unauthorized)]
    [InlineData(RunnerMethodType.UnaryStreaming, "Models:0", HttpStatusCode.Forbidden)]
    [InlineData(RunnerMethodType.UnaryUnary, "Models:0", HttpStatusCode.Forbidden)]
    public async Task OpenAiAnswer_IsAnErrorThatSaysSo(RunnerMethodType kind, string setting, HttpStatusCode status)
    {
        Start(Signature("generate", kind, ("prompt", DataType.Str)));
        using var client = _gateway!.CreateClientWithKey("key");
        var asking = client.PostAsync(Face.Chat, Json(Chat + "}"));
        await _asked.Task.WaitAsync(TwoWay.Limit);

        Change(_gateway, (setting, setting == "KeySha256" ? Hash("new-key") : "other"));

        using var response = await asking.WaitAsync(TwoWay.Limit);
        Assert.Equal(status, response.StatusCode);
        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["message"]);
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Theory]
    [InlineData(RunnerMethodType.UnaryUnary)]
    [InlineData(RunnerMethodType.UnaryStreaming)]
    [InlineData(RunnerMethodType.StreamingStreaming)]
    public async Task Tool_FailsWithAResultThatSaysSo(RunnerMethodType kind)
    {
        Start(Signature("say", kind, ("prompt", DataType.Str)));
        using var client = _gateway!.CreateClientWithKey("key");
        var asking = McpPost.OfAsync(client, Tools, McpPost.Call("say", """{"prompt":"hi"}"""));
        await _asked.Task.WaitAsync(TwoWay.Limit);

        Change(_gateway, ("Models:0", "other"));

        var answer = await asking.WaitAsync(TwoWay.Limit);
        Assert.True((bool)answer.Last["result"]!["isError"]!);
        Assert.Contains("11007", answer.Last.ToJsonString(), StringComparison.Ordinal);
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    [Theory]
    [InlineData(RunnerMethodType.UnaryUnary, "KeySha256", HttpStatusCode.Unauthorized)]
    [InlineData(RunnerMethodType.UnaryUnary, "Models:0", HttpStatusCode.Forbidden)]
    [InlineData(RunnerMethodType.UnaryStreaming, "Models:0", HttpStatusCode.Forbidden)]
    public async Task ModelsOwnMcp_IsRefused(RunnerMethodType kind, string setting, HttpStatusCode status)
    {
        Start(Signature("mcp_transport", kind, ("msg", DataType.Str)));
        using var client = _gateway!.CreateClientWithKey("key");
        var asking = McpPost.OfAsync(client, Tools, McpPost.Request("ping"));
        await _asked.Task.WaitAsync(TwoWay.Limit);

        Change(_gateway, (setting, setting == "KeySha256" ? Hash("new-key") : "other"));

        Assert.Equal(status, (await asking.WaitAsync(TwoWay.Limit)).Http);
        await _cancelled.Task.WaitAsync(TwoWay.Limit);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    // The next event that says something.
    private static async Task<JsonNode?> NextEventAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync().WaitAsync(TwoWay.Limit) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal) && JsonNode.Parse(line[6..]) is { } chunk && Says(chunk))
            {
                return chunk;
            }
        }

        return null;
    }

    private static bool Says(JsonNode chunk) => chunk["error"] is not null || chunk["choices"]![0]!["delta"]!["content"] is { } content && (string)content! != "";

    private void Start(MethodSignature method)
    {
        _methods = [method];
        _gateway = ChangingTenant.Start(_upstream!.Address, ("Models:0", "m"));
    }

    // Streams answer each message at once; then, and unary calls from the start, a call lasts until it is cancelled.
    private async Task<GrpcStatus> ServeAsync(GrpcServerCall call)
    {
        var version = new ModelVersion { Id = "v", MethodSignatures = { _methods } };
        switch (call.Path[(call.Path.LastIndexOf('/') + 1)..])
        {
            case "GetModel":
                await WriteAsync(call, new SingleModelResponse { Status = Success, Model = new Model { Id = "m", ModelVersion = version } });
                return GrpcStatus.DefaultSuccess;
            case "GetModelVersion":
                await WriteAsync(call, new SingleModelVersionResponse { Status = Success, ModelVersion = version });
                return GrpcStatus.DefaultSuccess;
            case var rpc:
                return await RunAsync(call, answers: rpc != "PostModelOutputs" && _methods[0].Name != "mcp_transport");
        }
    }

    private async Task<GrpcStatus> RunAsync(GrpcServerCall call, bool answers)
    {
        try
        {
            while (await call.ReadAsync() is { } message)
            {
                message.Dispose();
                if (answers)
                {
                    await WriteAsync(call, "said");
                }

                _asked.TrySetResult();
            }

            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        }
        catch (Exception)
        {
            _cancelled.TrySetResult();
            throw;
        }

        return GrpcStatus.DefaultSuccess;
    }

    private static Status Success => new() { Code = StatusCode.Success };
}
