using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Api.Tests.Tenancy;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Usage;

/// <summary>What clients are told whose tenant has spent a budget, on the faces that there are.</summary>
public sealed class BudgetRefusalTests : IAsyncLifetime
{
    private const string Outputs = "/v2/models/m/outputs";
    private const string Inputs = """{"inputs":[{},{}]}""";

    private readonly ManualTimeProvider _time = new();
    private RecordingUpstream? _upstream;

    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(_ => new MultiOutputResponse
    {
        Status = new Status { Code = StatusCode.Success },
        Outputs = { new Output { PromptTokens = 10, CompletionTokens = 10, CachedTokens = 10 } },
    });

    public async Task DisposeAsync() => await _upstream!.DisposeAsync();

    [Theory]
    [InlineData("Requests", 1, 0, "requests")]
    [InlineData("Inputs", 3, 1, "inputs")]
    [InlineData("Bytes", 20, 0, "bytes")]
    [InlineData("PromptTokens", 10, 0, "prompt tokens")]
    [InlineData("CompletionTokens", 10, 0, "completion tokens")]
    [InlineData("CachedTokens", 10, 0, "cached tokens")]
    [ProvesSetting("Gateway:Tenants:<name>:Budgets:Requests")]
    [ProvesSetting("Gateway:Tenants:<name>:Budgets:Inputs")]
    [ProvesSetting("Gateway:Tenants:<name>:Budgets:Bytes")]
    [ProvesSetting("Gateway:Tenants:<name>:Budgets:PromptTokens")]
    [ProvesSetting("Gateway:Tenants:<name>:Budgets:CompletionTokens")]
    [ProvesSetting("Gateway:Tenants:<name>:Budgets:CachedTokens")]
    public async Task SpentBudget_RefusesUntilTheMonthEnds(string budget, int limit, int left, string name)
    {
        await using var gateway = Start((budget, limit));
        using var first = await SendAsync(gateway, Outputs, Inputs);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        using var refused = await SendAsync(gateway, Outputs, Inputs);
        var status = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["status"]!;
        Assert.Equal((HttpStatusCode.TooManyRequests, 11005), (refused.StatusCode, (int)status["code"]!));
        Assert.Equal($"Tenant kitchen has {left} of its monthly budget of {limit} {name} left; it starts anew on 1970-02-01.", (string?)status["details"]);
        Assert.Equal($"{int.MaxValue / 1000 + 1}", refused.Headers.GetValues("Retry-After").Single()); // 24 days: as long as the protocol between has room for

        _time.Advance(TimeSpan.FromDays(31));
        using var later = await SendAsync(gateway, Outputs, Inputs);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    /// <summary>Every face calls through the same meter: a budget of one call is spent by any.</summary>
    [Theory]
    [InlineData("/v2/users/u/apps/a/models/m/outputs/generate", "{}")]
    [InlineData("/v2/workflows/w/results", "{}")]
    [InlineData("/v2/models", null)]
    public async Task SpentBudget_RefusesOnEveryPath(string path, string? body)
    {
        await using var gateway = Start(("Requests", 1));
        (await SendAsync(gateway, Outputs, "{}")).Dispose();

        using var refused = await SendAsync(gateway, path, body);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("monthly budget of 1 requests", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>The faces with names of their own for models, on the sandbox, which has some.</summary>
    [Theory]
    [InlineData("/v2/ext/openai/v1/chat/completions", """{"model":"text-generator","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v2/ext/openai/v1/chat/completions", """{"model":"text-generator","stream":true,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("/v2/models/text-generator/methods/predict", """{"prompt":"hi"}""")]
    [InlineData("/v2/models/text-generator/methods/generate", """{"prompt":"hi"}""")]
    public async Task SpentBudget_RefusesMethods(string path, string body)
    {
        await using var gateway = GatewayHost.Start(null, _time, Settings(("Requests", 1)));
        using var first = await SendAsync(gateway, path, body);
        Assert.Equal((HttpStatusCode.OK, await first.Content.ReadAsStringAsync()), (first.StatusCode, await first.Content.ReadAsStringAsync()));

        using var refused = await SendAsync(gateway, path, body);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("monthly budget of 1 requests", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PostModelOutputs")]
    [InlineData("GenerateModelOutputs")]
    [InlineData("StreamModelOutputs")]
    public async Task SpentBudget_ToAGrpcClient_IsItsStatus(string rpc)
    {
        await using var gateway = Start(("Requests", 1));
        (await SendAsync(gateway, Outputs, "{}")).Dispose();
        await using var channel = new RawChannel(gateway.GrpcAddress);
        var options = new RawCallOptions { Headers = new Metadata { { "authorization", "Key ci-key" } } };

        var refused = await channel.UnaryAsync($"/clarifai.api.V2/{rpc}", new PostModelOutputsRequest { ModelId = "m" }.ToByteArray(), options);

        Assert.Equal(GrpcStatusCode.ResourceExhausted, refused.Status.StatusCode);
        Assert.Contains("monthly budget of 1 requests", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal($"{int.MaxValue}", refused.Trailers.GetValue("grpc-retry-pushback-ms"));
    }

    /// <summary>The limits that only the messages tell of, and that the meter holds calls to as well.</summary>
    [Theory]
    [InlineData("Limits:InputsPerSecond", "Tenant kitchen may send 2 inputs a second.")]
    [InlineData("Keys:ci:Limits:InputsPerSecond", "Key ci of tenant kitchen may send 2 inputs a second.")]
    [ProvesSetting("Gateway:Tenants:<name>:Limits:InputsPerSecond")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:Limits:InputsPerSecond")]
    public async Task InputsASecond_AreBound(string setting, string details)
    {
        await using var gateway = GatewayHost.Start(_upstream!.Address, _time, [.. Settings(), ($"Gateway:Tenants:kitchen:{setting}", "2")]);
        (await SendAsync(gateway, Outputs, Inputs)).Dispose();

        using var refused = await SendAsync(gateway, Outputs, Inputs);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains(details, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Limits:Streams", "Tenant kitchen may have 1 streams at a time.")]
    [InlineData("Keys:ci:Limits:Streams", "Key ci of tenant kitchen may have 1 streams at a time.")]
    [ProvesSetting("Gateway:Tenants:<name>:Limits:Streams")]
    [ProvesSetting("Gateway:Tenants:<name>:Keys:<name>:Limits:Streams")]
    public async Task StreamsAtATime_AreBound(string setting, string details)
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await call.WriteAsync(new MultiOutputResponse { Status = new Status { Code = StatusCode.Success } }.ToByteArray());
            await Task.Delay(Timeout.Infinite, call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return GrpcStatus.DefaultCancelled;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, [.. Settings(), ($"Gateway:Tenants:kitchen:{setting}", "1")]);
        using var client = gateway.CreateClientWithKey("ci-key");
        using var open = await StreamTesting.StartAsync(client, accept: "text/event-stream");
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);

        using var refused = await StreamTesting.StartAsync(client, accept: "text/event-stream");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains(details, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayHost gateway, string path, string? body)
    {
        using var client = gateway.CreateClientWithKey("ci-key");
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        return await client.SendAsync(request);
    }

    private static (string Key, string? Value)[] Settings(params (string Budget, int Limit)[] budgets) =>
    [
        ("Gateway:Tenants:kitchen:Pat", "p"), ("Gateway:Tenants:kitchen:Keys:ci:KeySha256", ChangingTenant.Hash("ci-key")),
        .. budgets.Select(budget => ($"Gateway:Tenants:kitchen:Budgets:{budget.Budget}", (string?)$"{budget.Limit}")),
    ];

    private GatewayHost Start(params (string Budget, int Limit)[] budgets) => GatewayHost.Start(_upstream!.Address, _time, Settings(budgets));
}
