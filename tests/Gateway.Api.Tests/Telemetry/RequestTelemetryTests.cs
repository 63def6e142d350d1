using System.Diagnostics.Metrics;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Telemetry;
using Gateway.Api.Tests.Faces.Grpc;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Telemetry;

/// <summary>What the gateway says it took itself of a request's time, on a clock that moves only while somebody waits.</summary>
public sealed class RequestTelemetryTests
{
    private const string Overhead = "gateway.request.overhead";

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly RecordedMeters _meters = new();

    [Theory]
    [InlineData("/v2/models/m/outputs")]
    [InlineData(StreamTesting.Generate)]
    [ProvesSetting("Gateway:Telemetry:ServerTiming")]
    public async Task WaitForTheUpstream_IsNotTheGateways(string path)
    {
        await using var upstream = await RecordingUpstream.StartAsync(AnswerSlowlyAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, Install, ("Gateway:Telemetry:ServerTiming", "true"));
        using var client = gateway.CreateClientWithKey();

        using var response = await client.PostAsync(path, new StringContent("{}"));
        await response.Content.ReadAsStringAsync();

        Assert.Equal("gateway;dur=0", Assert.Single(response.Headers.GetValues("Server-Timing")));
        await Eventually.IsAsync(() => _meters.Of(Overhead).Count == 1);
        Assert.Equal(0, _meters.Of(Overhead)[0].Value);
    }

    [Fact]
    public async Task AttemptsThatFollowAnother_AreTold()
    {
        var calls = 0;
        await using var upstream = await RecordingUpstream.StartAsync(call =>
            Interlocked.Increment(ref calls) == 1
                ? Task.FromResult(new GrpcStatus(GrpcStatusCode.Unavailable, "not now"))
                : AnswerSlowlyAsync(call));
        await using var gateway = GatewayHost.Start(upstream.Address, settings: ("Gateway:Telemetry:ServerTiming", "true"));
        using var client = gateway.CreateClientWithKey();

        using var response = await client.PostAsync("/v2/models/m/outputs", new StringContent("{}"));

        Assert.EndsWith(", retries;desc=1", Assert.Single(response.Headers.GetValues("Server-Timing")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitForTheClient_IsNotTheGateways()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => new MultiOutputResponse { Status = new Status { Code = StatusCode.Success } });
        await using var gateway = GatewayHost.Start(upstream.Address, Install);
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        var answer = client.PostAsync("/v2/models/m/outputs", body);
        await body.WriteAsync("{");
        await _clock.NextTimerAsync(TimeSpan.FromSeconds(20)); // somebody waits for the body

        _clock.Advance(Wait);
        await body.WriteAsync("}");
        body.End();
        using var response = await answer;

        await Eventually.IsAsync(() => _meters.Of(Overhead).Count == 1);
        Assert.Equal(0, _meters.Of(Overhead)[0].Value);
    }

    /// <summary>What is neither is the gateway's.</summary>
    [Fact]
    public void Time_BetweenWaits_IsTheGateways()
    {
        var waits = new WaitClock(_clock);
        _clock.Advance(Wait);
        waits.BeginWait();
        _clock.Advance(Wait);
        waits.BeginWait();
        _clock.Advance(Wait);
        Assert.Equal(Wait, waits.Own);
        waits.EndWait();
        waits.EndWait();
        _clock.Advance(Wait);

        Assert.Equal(2 * Wait, waits.Own);
    }

    [Fact]
    public async Task TwoWayCalls_HaveNoOverhead_AndCountWhileTheyLast()
    {
        await using var upstream = await RecordingUpstream.StartAsync(TwoWay.EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address, Install);
        using (var client = await SocketClient.OpenAsync(gateway, "1.1", TwoWay.Stream, ("Authorization", "Key client")))
        {
            await client.SendAsync(TwoWay.Json("one"));
            await client.NextAsync();
            Assert.Equal(1, _meters.Of("gateway.requests.active")[^1].Value);
            await client.EndAsync();
            await client.RestAsync();
        }

        await Eventually.IsAsync(() => _meters.Of("gateway.requests.active")[^1].Value == 0);
        Assert.Empty(_meters.Of(Overhead));
    }

    /// <summary>The server alone would call each of them a success.</summary>
    [Fact]
    public async Task CallsOfGrpc_AreMeasuredWithTheirStatus_AndOthersWithoutOne()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => Task.FromResult(new GrpcStatus(GrpcStatusCode.Internal, "broken")));
        await using var gateway = GatewayHost.Start(upstream.Address, Install);
        await using var channel = new RawChannel(gateway.GrpcAddress);
        using var client = gateway.CreateClientWithKey();

        await channel.UnaryAsync(GrpcFront.Predict, [], GrpcFront.Options("Key client"));
        using var response = await client.PostAsync("/v2/models/m/outputs", new StringContent("{}"));

        await Eventually.IsAsync(() => _meters.Of("http.server.request.duration").Count == 2);
        Assert.Equal(
            [(200, "INTERNAL"), (500, (object?)null)],
            _meters.Of("http.server.request.duration").Select(measured =>
                (measured.Tags["http.response.status_code"], measured.Tags.GetValueOrDefault("rpc.response.status_code"))));
    }

    private void Install(IWebHostBuilder builder) => builder.ConfigureTestServices(services =>
    {
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton<IMeterFactory>(_meters);
    });

    private async Task<GrpcStatus> AnswerSlowlyAsync(GrpcServerCall call)
    {
        using var request = await call.ReadSingleAsync();
        _clock.Advance(Wait);
        await call.WriteAsync(new MultiOutputResponse { Status = new Status { Code = StatusCode.Success } }.ToByteArray());
        return GrpcStatus.DefaultSuccess;
    }
}
