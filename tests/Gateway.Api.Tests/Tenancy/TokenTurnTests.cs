using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Core.Upstream.Credentials;
using Gateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>Calls take the turns of their tenant's tokens, and those that wait travel together, unless the tenant has it otherwise.</summary>
public sealed class TokenTurnTests : IAsyncLifetime
{
    private const string Tenant = "Gateway:Tenants:kitchen:";

    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<(string? Credential, string[] Texts)> _calls = new();
    private RecordingUpstream? _upstream;

    public async Task InitializeAsync() => _upstream = await RecordingUpstream.StartAsync(call =>
    {
        var texts = PostModelOutputsRequest.Parser.ParseFrom(call.Request).Inputs.Select(input => input.Data.Text.Raw).ToArray();
        _calls.Enqueue((call.Headers.GetValue("authorization"), texts));
        var response = new MultiOutputResponse { Status = new Status { Code = StatusCode.Success, ReqId = "upstream" } };
        response.Outputs.Add(texts.Select(text => new Output
        {
            Status = new Status { Code = StatusCode.Success },
            Data = new Data { Text = new Text { Raw = text.ToUpperInvariant() } },
        }));
        return response;
    });

    public async Task DisposeAsync() => await _upstream!.DisposeAsync();

    [Theory]
    [InlineData("true", 2)]
    [InlineData("false", 3)]
    [ProvesSetting("Gateway:Tenants:<name>:Batching")]
    [ProvesSetting("Gateway:Tenants:<name>:PatRequestsPerSecond")]
    public async Task Requests_ThatWait_TravelTogether_UnlessSwitchedOff(string batching, int calls)
    {
        await using var gateway = Start(("Batching", batching), ("PatRequestsPerSecond", "1"), ("PatMaxWait", "1h"));
        Assert.Equal("FIRST", await PredictAsync(gateway, "first"));

        Task<string>[] waiting = [PredictAsync(gateway, "second"), PredictAsync(gateway, "third")];
        await Eventually.IsAsync(() => PoolOf(gateway).Waiting == 2);
        Assert.Single(_calls);
        for (var made = 2; made <= calls; made++)
        {
            _time.Advance(TimeSpan.FromSeconds(1.1));
            await Eventually.IsAsync(() => _calls.Count == made);
        }

        Assert.Equal(["SECOND", "THIRD"], await Task.WhenAll(waiting));
        Assert.Equal(calls, _calls.Count);
    }

    [Fact]
    [ProvesSetting("Gateway:Tenants:<name>:PatMaxWait")]
    public async Task Request_ThatWouldWaitTooLong_IsRefusedAtOnce()
    {
        await using var gateway = Start(("PatRequestsPerSecond", "1"), ("PatMaxWait", "100ms"));
        Assert.Equal("FIRST", await PredictAsync(gateway, "first"));

        using var refused = await SendAsync(gateway, "second");

        var status = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["status"]!;
        Assert.Equal((HttpStatusCode.TooManyRequests, 11005), (refused.StatusCode, (int)status["code"]!));
        Assert.Equal(
            "The Clarifai account takes 1 requests per second, and more wait for their turn than it takes within 0.1 s.",
            (string?)status["details"]);
        Assert.NotEmpty(refused.Headers.GetValues("Retry-After"));
    }

    [Fact]
    [ProvesSetting("Gateway:Tenants:<name>:Pats:<name>:Pat")]
    [ProvesSetting("Gateway:Tenants:<name>:Pats:<name>:RequestsPerSecond")]
    public async Task Calls_AreSpreadOverTheTokens_EachAtItsPace()
    {
        await using var gateway = Start(
            ("PatRequestsPerSecond", "1"), ("PatMaxWait", "100ms"), ("Pats:second:Pat", "second-pat"), ("Pats:second:RequestsPerSecond", "10"));

        // One turn of the one, two of the other, which comes again within the wait.
        foreach (var text in new[] { "a", "b", "c" })
        {
            Assert.Equal(text.ToUpperInvariant(), await PredictAsync(gateway, text));
        }

        Assert.Equal(["Key p", "Key second-pat", "Key second-pat"], _calls.Select(call => call.Credential!));
    }

    private static CredentialPool PoolOf(GatewayHost gateway) =>
        (CredentialPool)gateway.Services.GetRequiredService<Api.Tenancy.TenantDirectory>().Current.Named("kitchen")!.Account!.Credentials!;

    private static async Task<string> PredictAsync(GatewayHost gateway, string text)
    {
        using var response = await SendAsync(gateway, text);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return (string)body["outputs"]![0]!["data"]!["text"]!["raw"]!;
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayHost gateway, string text)
    {
        using var client = gateway.CreateClientWithKey("key");
        using var content = new StringContent(
            """{"inputs":[{"data":{"text":{"raw":"TEXT"}}}]}""".Replace("TEXT", text, StringComparison.Ordinal), Encoding.UTF8, "application/json");
        return await client.PostAsync("/v2/models/m/outputs", content);
    }

    private GatewayHost Start(params (string Key, string Value)[] settings) => GatewayHost.Start(
        _upstream!.Address,
        _time,
        [
            (Tenant + "KeySha256", ChangingTenant.Hash("key")), (Tenant + "Pat", "p"),
            .. settings.Select(setting => (Tenant + setting.Key, (string?)setting.Value)),
        ]);
}
