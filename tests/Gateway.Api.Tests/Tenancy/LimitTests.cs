using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>How much a tenant and a key may ask at a time, and what they are told when it is too much.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private const string Outputs = "/v2/models/m/outputs";

    private readonly ManualTimeProvider _time = new();
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrived = new(0);
    private RecordingUpstream? _upstream;

    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(async call =>
    {
        using var request = await call.ReadSingleAsync();
        _arrived.Release();
        if (call.Path.EndsWith("PostWorkflowResults", StringComparison.Ordinal))
        {
            await _answer.Task;
        }

        var response = new MultiOutputResponse { Status = new Status { Code = StatusCode.Success, ReqId = "upstream" } };
        await call.WriteAsync(response.ToByteArray());
        return GrpcStatus.DefaultSuccess;
    });

    public async Task DisposeAsync()
    {
        _answer.TrySetResult();
        await _upstream!.DisposeAsync();
    }

    [Theory]
    [InlineData("Limits:RequestsPerSecond", "Tenant kitchen may make 4 requests a second.", "tenant")]
    [InlineData("Keys:ci:Limits:RequestsPerSecond", "Key ci of tenant kitchen may make 4 requests a second.", "key")]
    [ProvesSetting("Gateway:Tenants:<name>:Limits:RequestsPerSecond")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:Limits:RequestsPerSecond")]
    public async Task Requests_BeyondTheRate_AreRefusedUntilTime(string setting, string details, string policy)
    {
        await using var gateway = Start((setting, "4"));

        // Half a second's worth at once.
        for (var left = 1; left >= 0; left--)
        {
            using var within = await SendAsync(gateway, Outputs);
            Assert.Equal(HttpStatusCode.OK, within.StatusCode);
            Assert.Equal($"\"{policy}\";q=4;w=1", within.Headers.GetValues("RateLimit-Policy").Single());
            Assert.Equal($"\"{policy}\";r={left};t=1", within.Headers.GetValues("RateLimit").Single());
        }

        using var beyond = await SendAsync(gateway, Outputs);
        var status = JsonNode.Parse(await beyond.Content.ReadAsStringAsync())!["status"]!;
        Assert.Equal((HttpStatusCode.TooManyRequests, 11005, details), (beyond.StatusCode, (int)status["code"]!, (string?)status["details"]));
        Assert.Equal("1", beyond.Headers.GetValues("Retry-After").Single());
        Assert.Equal($"\"{policy}\";r=0;t=1", beyond.Headers.GetValues("RateLimit").Single());

        _time.Advance(TimeSpan.FromSeconds(0.25));

        using var later = await SendAsync(gateway, Outputs);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    /// <summary>What a request takes of inputs is known late: the headers say what it left, and a refusal says no other time.</summary>
    [Fact]
    public async Task Inputs_BeyondTheRate_AreADebtThatTheHeadersTell()
    {
        await using var gateway = Start(("Limits:InputsPerSecond", "10"));
        var body = $$"""{"inputs":[{{string.Join(',', Enumerable.Repeat("{}", 30))}}]}""";

        using var within = await SendAsync(gateway, Outputs, body);
        Assert.Equal(HttpStatusCode.OK, within.StatusCode);
        Assert.Equal("\"tenant-inputs\";r=0;t=3", within.Headers.GetValues("RateLimit").Single());

        using var beyond = await SendAsync(gateway, Outputs, body);
        Assert.Equal(HttpStatusCode.TooManyRequests, beyond.StatusCode);
        Assert.Equal("3", beyond.Headers.GetValues("Retry-After").Single());
        Assert.Equal("\"tenant-inputs\";r=0;t=3", beyond.Headers.GetValues("RateLimit").Single());

        _time.Advance(TimeSpan.FromSeconds(3));

        using var later = await SendAsync(gateway, Outputs, """{"inputs":[{}]}""");
        Assert.Equal("\"tenant-inputs\";r=4;t=1", later.Headers.GetValues("RateLimit").Single());
    }

    [Theory]
    [InlineData("Limits:Concurrency", "Tenant kitchen may have 1 requests at a time.")]
    [InlineData("Keys:ci:Limits:Concurrency", "Key ci of tenant kitchen may have 1 requests at a time.")]
    [ProvesSetting("Gateway:Tenants:<name>:Limits:Concurrency")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:Limits:Concurrency")]
    public async Task Requests_AtATime_AreBound(string setting, string details)
    {
        await using var gateway = Start((setting, "1"));
        var first = SendAsync(gateway, "/v2/workflows/w/results");
        await _arrived.WaitAsync();

        using var second = await SendAsync(gateway, Outputs);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Contains(details, await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        _answer.SetResult();
        (await first).Dispose();
        using var third = await SendAsync(gateway, Outputs);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task Refusal_ToAnOpenAiClient_IsInItsShape()
    {
        await using var gateway = Start(("Limits:RequestsPerSecond", "1"));
        (await SendAsync(gateway, Outputs)).Dispose();

        using var refused = await SendAsync(gateway, "/v2/ext/openai/v1/chat/completions", """{"model":"m","messages":[]}""");

        var error = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("rate_limit_error", (string?)error["type"]);
        Assert.NotEmpty(refused.Headers.GetValues("Retry-After"));
    }

    [Fact]
    public async Task Refusal_ToAGrpcClient_IsItsStatus()
    {
        await using var gateway = Start(("Limits:RequestsPerSecond", "1"));
        await using var channel = new RawChannel(gateway.GrpcAddress);
        var options = new RawCallOptions { Headers = new Metadata { { "authorization", "Key ci-key" } } };
        var request = new PostModelOutputsRequest { ModelId = "m" }.ToByteArray();

        var within = await channel.UnaryAsync("/clarifai.api.V2/PostModelOutputs", request, options);
        var beyond = await channel.UnaryAsync("/clarifai.api.V2/PostModelOutputs", request, options);

        Assert.Equal(GrpcStatusCode.OK, within.Status.StatusCode);
        Assert.Equal(new GrpcStatus(GrpcStatusCode.ResourceExhausted, "Tenant kitchen may make 1 requests a second."), beyond.Status);
        Assert.Equal("1000", beyond.Trailers.GetValue("grpc-retry-pushback-ms"));
    }

    [Theory]
    [InlineData("Limits:MemoryPercent", "The requests of tenant kitchen may hold 1 % of the memory for all.")]
    [InlineData("Keys:ci:Limits:MemoryPercent", "The requests of key ci of tenant kitchen may hold 1 % of the memory for all.")]
    [ProvesSetting("Gateway:Tenants:<name>:Limits:MemoryPercent")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:Limits:MemoryPercent")]
    public async Task Memory_BeyondTheShare_IsRefused_AndOthersAreServed(string setting, string details)
    {
        await using var gateway = GatewayHost.Start(
            _upstream!.Address,
            [
                .. Settings((setting, "1")), ("Gateway:Limits:MemoryBytes", "10000000"),
                ("Gateway:Tenants:other:KeySha256", ChangingTenant.Hash("other-key")), ("Gateway:Tenants:other:Pat", "p"),
            ]);
        var body = """{"inputs":[{"data":{"text":{"raw":"TEXT"}}}]}""".Replace("TEXT", new string('a', 200_000), StringComparison.Ordinal);

        using var refused = await SendAsync(gateway, Outputs, body);
        using var other = await SendAsync(gateway, Outputs, body, "other-key");
        using var small = await SendAsync(gateway, Outputs);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains(details, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (other.StatusCode, small.StatusCode));
    }

    /// <summary>What was taken of a limit counts on when settings change.</summary>
    [Fact]
    public async Task Limit_ThatChanges_CountsAtOnce()
    {
        await using var gateway = ChangingTenant.Start(_upstream!.Address);
        (await SendAsync(gateway, Outputs, key: "key")).Dispose();
        ChangingTenant.Change(gateway, ("Limits:RequestsPerSecond", "1"));

        using var first = await SendAsync(gateway, Outputs, key: "key");
        using var second = await SendAsync(gateway, Outputs, key: "key");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayHost gateway, string path, string body = "{}", string key = "ci-key")
    {
        using var client = gateway.CreateClientWithKey(key);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.PostAsync(path, content);
    }

    private static IEnumerable<(string Key, string? Value)> Settings(params (string Key, string Value)[] settings) =>
    [
        ("Gateway:Tenants:kitchen:Pat", "p"), ("Gateway:Tenants:kitchen:Keys:ci:KeySha256", ChangingTenant.Hash("ci-key")),
        .. settings.Select(setting => ($"Gateway:Tenants:kitchen:{setting.Key}", (string?)setting.Value)),
    ];

    private GatewayHost Start(params (string Key, string Value)[] settings) =>
        GatewayHost.Start(_upstream!.Address, _time, [.. Settings(settings)]);
}
