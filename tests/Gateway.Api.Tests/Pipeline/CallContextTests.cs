using System.Collections.Concurrent;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.HomeAssistant;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Pipeline;

/// <summary>What goes upstream of a request's headers, whichever face it comes to (W3C Trace Context; Clarifai's prefix of request ids).</summary>
public sealed class CallContextTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly string[] Names = ["traceparent", "tracestate", "x-clarifai-request-id-prefix"];

    [Theory]
    [InlineData("GET", "/v2/models", null)]
    [InlineData("POST", "/v2/models/m/outputs", "{}")]
    [InlineData("POST", "/v2/models/m/outputs/generate", "{}")]
    [InlineData("POST", "/v2/models/m/outputs/stream", "{}")]
    [InlineData("GET", "/v2/models/m/methods", null)]
    [InlineData("POST", "/v2/models/m/methods/predict", """{"prompt":"x"}""")]
    [InlineData("POST", "/v2/models/m/methods/generate", """{"prompt":"x"}""")]
    [InlineData("POST", "/v2/ext/openai/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("POST", "/v2/ext/openai/v1/chat/completions", """{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("GET", "/v2/ext/openai/v1/models/m", null)]
    [InlineData("POST", "/v2/ext/mcp/v1/models/m", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"predict","arguments":{"prompt":"x"}}}""")]
    public async Task Headers_ReachEveryCallOfTheUpstream(string verb, string path, string? body)
    {
        var calls = new ConcurrentQueue<(string Path, Metadata Headers)>();
        await using var upstream = await RecordingUpstream.StartAsync(call => ServeAsync(call, calls));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(new HttpMethod(verb), path)
        {
            Headers = { { "traceparent", Parent }, { "tracestate", ["one=1", "two=2"] }, { "X-Clarifai-Request-ID-Prefix", "mine" }, { "X-Own", "stays" } },
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.IsSuccessStatusCode, text);
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Equal(
            [Parent, "one=1, two=2", "mine"], Names.Select(name => string.Join(" and ", call.Headers.Where(entry => entry.Key == name).Select(entry => entry.Value)))));
        Assert.All(calls, call => Assert.Null(call.Headers.GetValue("x-own")));
    }

    [Fact]
    public async Task Headers_OfAPrediction_ReachTheUpstreamAndNotHomeAssistant()
    {
        string[] seen = [];
        await using var home = await FakeHomeAssistant.StartAsync();
        string? traced = null;
        home.Camera = http =>
        {
            traced = http.Request.Headers.TraceParent;
            return FakeHomeAssistant.AnswerAsync(http, "image/png", FakeHomeAssistant.Picture);
        };
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            seen = [.. Names.Select(name => call.Headers.GetValue(name) ?? "")];
            return new PostWorkflowResultsResponse { Status = new Status { Code = StatusCode.Success } };
        });
        await using var gateway = GatewayHost.Start(upstream.Address, Home.Settings(home.Address));
        using var client = gateway.CreateClientWithKey("home-key");
        client.DefaultRequestHeaders.Add("traceparent", Parent);
        client.DefaultRequestHeaders.Add("X-Clarifai-Request-ID-Prefix", "mine");

        using var answer = await client.PostAsync(Home.Predict, new StringContent(Home.Body));

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal([Parent, "", "mine"], seen);
        Assert.Null(traced);
    }

    // Metadata is printable ASCII.
    [Fact]
    public async Task Headers_ThatCannotTravel_StayBehind()
    {
        Metadata? seen = null;
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            seen = call.Headers;
            return new MultiModelResponse { Status = new Status { Code = StatusCode.Success } };
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var client = new HttpClient(handler) { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Add("Authorization", "Key k");
        client.DefaultRequestHeaders.TryAddWithoutValidation("traceparent", "00-\tx");
        client.DefaultRequestHeaders.TryAddWithoutValidation("tracestate", "");
        client.DefaultRequestHeaders.Add("X-Clarifai-Request-ID-Prefix", "für");

        using var answer = await client.GetAsync("/v2/models");

        Assert.True(answer.IsSuccessStatusCode);
        Assert.DoesNotContain(seen!, entry => Names.Contains(entry.Key));
    }

    private static async Task<GrpcStatus> ServeAsync(GrpcServerCall call, ConcurrentQueue<(string Path, Metadata Headers)> calls)
    {
        calls.Enqueue((call.Path, call.RequestHeaders));
        using var message = await call.ReadAsync();
        var success = new Status { Code = StatusCode.Success };
        ModelTypeField[] prompt = [Field("prompt", DataType.Str)];
        MethodSignature[] methods =
        [
            Signature("predict", prompt, [Field("return", DataType.Str)]),
            Signature("generate", prompt, [new ModelTypeField { Name = "return", Type = DataType.Str, Iterator = true }], RunnerMethodType.UnaryStreaming),
        ];
        var version = new ModelVersion { Id = "v", MethodSignatures = { methods } };
        IMessage answer = call.Path[(call.Path.LastIndexOf('/') + 1)..] switch
        {
            "ListModels" => new MultiModelResponse { Status = success },
            "GetModel" => new SingleModelResponse { Status = success, Model = new Model { Id = "m", ModelVersion = new ModelVersion { Id = "v" } } },
            "GetModelVersion" => new SingleModelVersionResponse { Status = success, ModelVersion = version },
            _ => new MultiOutputResponse { Status = success, Outputs = { Returned(new Data { StringValue = "x" }) } },
        };
        await call.WriteAsync(answer.ToByteArray());
        return GrpcStatus.DefaultSuccess;
    }
}
