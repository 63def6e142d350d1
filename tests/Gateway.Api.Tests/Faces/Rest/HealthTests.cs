using System.Net;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Rest;

/// <summary>What readiness says of upstreams that cannot be reached.</summary>
public sealed class HealthTests
{
    private const string Nobody = "http://127.0.0.1:1";

    // Only a probe that hangs needs it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Upstream_Answers_IsReady()
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address);

        Assert.Equal((HttpStatusCode.OK, "ready"), await ReadyAsync(gateway));
    }

    [Theory]
    [InlineData("Gateway:Upstream:Failover:0:Address")]
    [InlineData("Gateway:Upstream:Failover:0:Addresses:0")]
    [ProvesSetting("Gateway:Upstream:Addresses:0")]
    [ProvesSetting("Gateway:Upstream:Failover:0:Address")]
    [ProvesSetting("Gateway:Upstream:Failover:0:Addresses:0")]
    public async Task FirstAddress_Unreachable_FailoverServesAndReadinessSaysSo(string failover)
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(
            null,
            ("Gateway:Upstream:Addresses:0", Nobody),
            (failover, upstream.Address.ToString()),
            ("Gateway:Upstream:Ejection:Failures", "2"));
        using var client = gateway.CreateClientWithKey();

        for (var i = 0; i < 2; i++)
        {
            var answer = await Answer.OfAsync(client, "GET", "/v2/models");
            Assert.Equal(10000, answer.Code);
        }

        Assert.Equal((HttpStatusCode.OK, "ready; 1 of 2 upstream addresses cannot be reached"), await ReadyAsync(gateway));
    }

    [Fact]
    public async Task Addresses_AllUnreachable_IsNotReady()
    {
        await using var gateway = GatewayHost.Start(
            null,
            ("Gateway:Upstream:Addresses:0", Nobody),
            ("Gateway:Upstream:Failover:0:Address", "http://127.0.0.1:2"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the upstream does not answer"), await ReadyAsync(gateway));
    }

    [Fact]
    public async Task Upstream_AskedForOftenAtOnce_IsAskedOnce()
    {
        var calls = 0;
        await using var upstream = await RecordingUpstream.StartAsync(_ =>
        {
            Interlocked.Increment(ref calls);
            return new MultiModelResponse { Status = new Status { Code = StatusCode.Success } };
        });
        var clock = new ManualTimeProvider();
        await using var gateway = GatewayHost.Start(upstream.Address, clock);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadyAsync(gateway)));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, "ready"), answer));
        Assert.Equal(1, calls);

        clock.Advance(TimeSpan.FromSeconds(1));
        await ReadyAsync(gateway);
        Assert.Equal(2, calls);
    }

    // It takes the probe's two seconds: a load balancer would give up on an answer that comes when the call's own time is over.
    [Fact]
    public async Task Upstream_TakesCallsAndSaysNothing_IsNotReady()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the upstream does not answer"), await ReadyAsync(gateway).WaitAsync(Limit));
    }

    private static Task<RecordingUpstream> StartAsync() =>
        RecordingUpstream.StartAsync(_ => new MultiModelResponse { Status = new Status { Code = StatusCode.Success } });

    private static async Task<(HttpStatusCode Http, string Text)> ReadyAsync(GatewayHost gateway)
    {
        using var client = gateway.CreateClient();
        using var response = await client.GetAsync("/healthz/ready");
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
