using System.ClientModel;
using System.ClientModel.Primitives;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.OpenAi;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using OpenAI;
using OpenAI.Chat;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Errors;

/// <summary>When clients may ask again: every answer that limits them says so, as some ask again at once where it does not.</summary>
public sealed class RetryAfterTests
{
    /// <summary>What runs a model: the path, and the body.</summary>
    public static TheoryData<string, string> Calls => new()
    {
        { "/v2/models/m/outputs", """{"inputs":[{"data":{"text":{"raw":"hi"}}}]}""" },
        { "/v2/models/m/outputs/generate", """{"inputs":[{"data":{"text":{"raw":"hi"}}}]}""" },
        { "/v2/models/m/methods/predict", """{"prompt":"hi"}""" },
        { "/v2/models/m/methods/generate", """{"prompt":"hi"}""" },
        { Face.Chat, """{"model":"m","messages":[{"role":"user","content":"hi"}]}""" },
        { Face.Chat, """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""" },
    };

    [Theory]
    [InlineData("GET", "/v2/models", "")]
    [InlineData("GET", "/v2/models/m/methods", "")]
    [InlineData("POST", "/v2/models/m/methods/predict", """{"prompt":"hi"}""")]
    [InlineData("POST", Face.Chat, """{"model":"m","messages":[]}""")]
    [InlineData("GET", $"{Face.Root}/models/m", "")]
    [InlineData("POST", "/v2/ext/mcp/v1/models/m", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""")]
    public async Task Limit_OnTheModelsDescription_SaysWhenToAskAgain(string verb, string path, string body)
    {
        foreach (var refusal in new GrpcServerHandler[] { RefuseAsync, SayNoAsync })
        {
            await using var upstream = await RecordingUpstream.StartAsync(refusal);
            await using var gateway = GatewayHost.Start(upstream.Address);

            Assert.Equal((429, "1"), await AskAsync(gateway, verb, path, body));
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Limit_OnTheModel_SaysWhenToAskAgain(string path, string body)
    {
        foreach (var refusal in new GrpcServerHandler[] { RefuseAsync, SayNoAsync })
        {
            await using var upstream = await StartAsync(Signatures, (call, _) => refusal(call));
            await using var gateway = GatewayHost.Start(upstream.Address);

            Assert.Equal((429, "1"), await AskAsync(gateway, "POST", path, body));
        }
    }

    [Fact]
    public async Task Limit_IsRespected_ByOpenAisClient()
    {
        await using var upstream = await StartAsync([Transport], (_, _) => Task.FromResult(new GrpcStatus(GrpcStatusCode.ResourceExhausted, "exceeded limit of 15 requests per second")));
        await using var gateway = GatewayHost.Start(upstream.Address);
        var patience = new RecordedPatience();
        var client = new OpenAIClient(new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, Face.Root), RetryPolicy = patience });

        var error = await Assert.ThrowsAsync<ClientResultException>(() => client.GetChatClient("m").CompleteChatAsync([new UserChatMessage("hi")]));

        Assert.Equal(429, error.Status);
        Assert.All(patience.Waits, wait => Assert.True(wait >= TimeSpan.FromSeconds(1), $"{wait}"));
        Assert.Equal(upstream.Requests.Count, patience.Waits.Count + 1);
    }

    private static MethodSignature[] Signatures =>
    [
        Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str)),
        Signature("generate", RunnerMethodType.UnaryStreaming, ("prompt", DataType.Str)),
    ];

    private static async Task<(int Http, string? RetryAfter)> AskAsync(GatewayHost gateway, string verb, string path, string body)
    {
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = body.Length == 0 ? null : new StringContent(body) };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        using var answer = await client.SendAsync(request);
        return ((int)answer.StatusCode, answer.Headers.RetryAfter?.ToString());
    }

    // By the status of the call, as the API's load balancers do.
    private static Task<GrpcStatus> RefuseAsync(GrpcServerCall call) => Task.FromResult(new GrpcStatus(GrpcStatusCode.ResourceExhausted, "slow down"));

    // By the status of the response, as the API itself does; all responses have it in their first field.
    private static async Task<GrpcStatus> SayNoAsync(GrpcServerCall call)
    {
        await call.WriteAsync(new MultiOutputResponse { Status = new Status { Code = StatusCode.ConnThrottled, Details = "exceeded limit of 15 requests per second" } }.ToByteArray());
        return GrpcStatus.DefaultSuccess;
    }

    /// <summary>The client's own policy, which tells how long it would have waited, and does not.</summary>
    private sealed class RecordedPatience : ClientRetryPolicy
    {
        public List<TimeSpan> Waits { get; } = [];

        protected override Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
        {
            Waits.Add(time);
            return Task.CompletedTask;
        }
    }
}
