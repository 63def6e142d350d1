using System.Net;
using System.Threading.Channels;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Configuration;

/// <summary>What settings of the upstream do, in a gateway that runs.</summary>
public sealed class UpstreamSettingsTests
{
    private const string LeftOut = "is left out for 7 s";

    [Fact]
    [ProvesSetting("Gateway:Upstream:Ejection:Failures")]
    public async Task EjectionFailures_IsHowManyCallsInARowLeaveAnAddressOut()
    {
        await using var gateway = await FailingOver.StartAsync(("Failures", "2"), ("BaseTime", "00:00:07"));

        await gateway.CallAsync();
        Assert.DoesNotContain(gateway.Log.Entries, entry => entry.Contains(LeftOut, StringComparison.Ordinal));

        await gateway.CallAsync();
        Assert.Contains(gateway.Log.Entries, entry => entry.Contains(LeftOut, StringComparison.Ordinal));
    }

    [Fact]
    [ProvesSetting("Gateway:Upstream:Ejection:Faults")]
    public async Task EjectionFaults_IsHowManyFaultsInARowLeaveAnAddressOut()
    {
        var log = new LogRecorder(LogLevel.Warning);
        var calls = Channel.CreateUnbounded<string>();
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            calls.Writer.TryWrite(call.Path.Split('/')[^1]);
            return Task.FromResult(new GrpcStatus(GrpcStatusCode.Internal, "at fault"));
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address, host => host.ConfigureTestServices(services => services.AddRecorder(log)), ("Gateway:Upstream:Ejection:Faults", "2"));
        using var client = gateway.CreateClientWithKey();

        await Answer.OfAsync(client, "GET", "/v2/models");
        await Answer.OfAsync(client, "GET", "/v2/models");

        Assert.Equal(["ListModels", "ListModels", "GetStatusCode"], await calls.Reader.ReadAllAsync().Take(3).ToListAsync());
        while (!log.Entries.Any(entry => entry.Contains("is left out", StringComparison.Ordinal)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5)); // the answer to the last is on its way
        }
    }

    [Fact]
    [ProvesSetting("Gateway:Upstream:Ejection:BaseTime")]
    public async Task EjectionBaseTime_IsWhenTheAddressIsTriedAgain()
    {
        await using var gateway = await FailingOver.StartAsync(("Failures", "1"), ("BaseTime", "00:00:07"));
        Assert.True(await gateway.CallAsync());

        gateway.Clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.False(await gateway.CallAsync());

        gateway.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await gateway.CallAsync());
    }

    [Fact]
    [ProvesSetting("Gateway:Upstream:Ejection:MaxTime")]
    public async Task EjectionMaxTime_BoundsTheDoubledTimes()
    {
        await using var gateway = await FailingOver.StartAsync(("Failures", "1"), ("BaseTime", "00:00:04"), ("MaxTime", "00:00:06"));
        Assert.True(await gateway.CallAsync());
        gateway.Clock.Advance(TimeSpan.FromSeconds(4));
        Assert.True(await gateway.CallAsync());

        gateway.Clock.Advance(TimeSpan.FromSeconds(5.9));
        Assert.False(await gateway.CallAsync());

        gateway.Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(await gateway.CallAsync());
    }

    // Were the setting not heeded, the call's own time would be over first.
    [Fact]
    [ProvesSetting("Gateway:Upstream:ConnectTimeout")]
    public async Task ConnectTimeout_PassesWhileTheUpstreamSaysNothing_IsTheAnswer()
    {
        await using var silent = new Http2Peer(_ => Task.CompletedTask);
        await using var gateway = GatewayHost.Start(
            silent.Address,
            ("Gateway:Upstream:ConnectTimeout", "00:00:00.2"),
            ("Gateway:Upstream:UnaryTimeout", "00:00:05"),
            ("Gateway:Upstream:Retry:MaxAttempts", "1"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", "/v2/models");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "upstream unreachable: connecting timed out"), (answer.Http, answer.Details));
    }

    /// <summary>A gateway whose first address closes every connection and whose failover answers, on a clock of the test's own.</summary>
    private sealed class FailingOver : IAsyncDisposable
    {
        private readonly RecordingUpstream _failover;
        private readonly Http2Peer _first;
        private readonly GatewayHost _gateway;
        private readonly HttpClient _client;
        private int _connections;

        private FailingOver(RecordingUpstream failover, (string Key, string? Value)[] ejection)
        {
            _failover = failover;
            _first = new Http2Peer(connection =>
            {
                Interlocked.Increment(ref _connections);
                connection.Dispose();
                return Task.CompletedTask;
            });
            _gateway = GatewayHost.Start(
                null,
                host => host.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock).AddRecorder(Log)),
                [
                    ("Gateway:Upstream:Addresses:0", _first.Address.ToString()),
                    ("Gateway:Upstream:Failover:0:Address", failover.Address.ToString()),
                    .. ejection.Select(setting => ("Gateway:Upstream:Ejection:" + setting.Key, setting.Value)),
                ]);
            _client = _gateway.CreateClientWithKey();
        }

        public ManualTimeProvider Clock { get; } = new();

        public LogRecorder Log { get; } = new(LogLevel.Warning);

        public static async Task<FailingOver> StartAsync(params (string Key, string? Value)[] ejection) => new(
            await RecordingUpstream.StartAsync(_ => new MultiModelResponse { Status = new Status { Code = StatusCode.Success } }), ejection);

        /// <summary>Makes a call, which succeeds.</summary>
        /// <returns>Whether it tried the first address.</returns>
        public async Task<bool> CallAsync()
        {
            var before = Volatile.Read(ref _connections);
            var answer = await Answer.OfAsync(_client, "GET", "/v2/models");
            Assert.Equal(10000, answer.Code);
            return Volatile.Read(ref _connections) > before;
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await _gateway.DisposeAsync();
            await _first.DisposeAsync();
            await _failover.DisposeAsync();
        }
    }
}
