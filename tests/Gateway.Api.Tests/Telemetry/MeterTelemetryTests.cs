using System.Diagnostics.Metrics;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Api.Tests.Usage;
using Gateway.Core.Upstream.Failures;
using Gateway.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Telemetry;

/// <summary>What is measured of calls that are counted.</summary>
public sealed class MeterTelemetryTests
{
    private const string Tokens = "gen_ai.client.token.usage";

    private readonly RecordedMeters _meters = new();
    private readonly TestUsage _usage;

    public MeterTelemetryTests() => _usage = new TestUsage(TimeProvider.System, meters: _meters);

    [Fact]
    public void Tokens_AreMeasured_ByModelAndKind()
    {
        _usage.Call(answer: TestUsage.Answer(prompt: 3, completion: 5));

        Assert.Equal(
            [("input", 3.0), ("output", 5.0)], _meters.Of(Tokens).Select(measured => ((string)measured.Tags["gen_ai.token.type"]!, measured.Value)));
        Assert.All(_meters.Of(Tokens), measured => Assert.Equal(
            ("clarifai", "generate_content"), ((string)measured.Tags["gen_ai.provider.name"]!, (string)measured.Tags["gen_ai.operation.name"]!)));
    }

    [Fact]
    public void Models_WithoutTokens_HaveNone()
    {
        _usage.Call();

        Assert.Empty(_meters.Of(Tokens));
    }

    [Fact]
    public void FirstMessage_OfAStream_IsMeasuredOnce()
    {
        var (call, _) = _usage.Ask(rpc: "GenerateModelOutputs");
        for (var i = 0; i < 3; i++)
        {
            using var message = TestUsage.Answer(completion: 1);
            call.Answer(message);
        }

        call.Complete(CallOutcome.OK);
        _usage.Call(); // no stream

        Assert.Single(_meters.Of("gen_ai.client.operation.time_to_first_chunk"));
        Assert.Equal(3, _meters.Of(Tokens)[^1].Value);
    }

    [Theory]
    [InlineData(StatusCode.ConnCredentialsInvalid, 1)]
    [InlineData(StatusCode.ConnKeyInvalid, 1)]
    [InlineData(StatusCode.ConnKeyNotFound, 1)]
    [InlineData(StatusCode.ConnInsufficientScopes, 0)]
    [InlineData(StatusCode.Success, 0)]
    public void Token_ThatTheUpstreamRefuses_IsCounted(StatusCode code, int refusals)
    {
        _usage.Call(answer: TestUsage.Answer(code: code));

        Assert.Equal(refusals, _meters.Of("gateway.credential.refusals").Count(measured => (string)measured.Tags["gateway.tenant"]! == "kitchen"));
    }

    [Fact]
    [ProvesSetting("Gateway:Telemetry:MaxModels")]
    public async Task Models_BeyondTheLimit_AreOthers()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => new MultiOutputResponse
        {
            Status = new Status { Code = StatusCode.Success },
            Outputs = { new Output { PromptTokens = 1 } },
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            builder => builder.ConfigureTestServices(services => services.AddSingleton<IMeterFactory>(_meters)),
            ("Gateway:Telemetry:MaxModels", "2"),
            ("Gateway:Tenants:kitchen:Keyless", "true"),
            ("Gateway:Tenants:kitchen:Pat", "pat"));
        using var client = new HttpClient { BaseAddress = gateway.Address };
        foreach (var model in new[] { "one", "two", "three", "one", "four" })
        {
            using var response = await client.PostAsync($"/v2/models/{model}/outputs", new StringContent("{}"));
        }

        Assert.Equal(
            ["one", "two", "_OTHER", "one", "_OTHER"],
            _meters.Of(Tokens).Where(measured => (string)measured.Tags["gen_ai.token.type"]! == "input").Select(measured => measured.Tags["gen_ai.request.model"]));
    }
}
