using System.Net;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Streams;

/// <summary>Each of a stream's time limits ends it with a message of its own.</summary>
public sealed class StreamTimeoutTests
{
    // Later than every limit of these tests: what ends a stream is not a heartbeat.
    private static readonly (string, string?) NoHeartbeats = ("Gateway:Streams:HeartbeatGrace", "1.00:00:00");

    [Fact]
    [ProvesSetting("Gateway:Streams:FirstMessageTimeout")]
    public async Task FirstMessage_NeverComes_Is504()
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(call => SilentAsync(call, called));
        await using var gateway = GatewayHost.Start(upstream.Address, clock, NoHeartbeats, ("Gateway:Streams:FirstMessageTimeout", "00:00:07"));
        using var client = gateway.CreateClientWithKey();

        var answer = Answer.OfAsync(client, "POST", Generate, "{}");
        await called.Task;
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.False(answer.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((HttpStatusCode.GatewayTimeout, "the upstream sent no message within 7 s"), ((await answer).HasTheApisShape().Http, (await answer).Details));
    }

    [Fact]
    [ProvesSetting("Gateway:Streams:IdleTimeout")]
    public async Task Upstream_FallsSilent_EndsWithAnErrorAndHeartbeatsDoNotCount()
    {
        var clock = new ManualTimeProvider();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            return await SilentAsync(call, new TaskCompletionSource());
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock, ("Gateway:Streams:IdleTimeout", "00:00:40"));
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);
        await NextAsync(events);
        var end = NextAsync(events);
        var waited = 0;
        for (; !end.IsCompleted; waited++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1); // lets the gateway come to its read, which is when the silence begins
        }

        Assert.True(waited >= 40);
        Assert.Equal(("error", "the upstream sent no further message within 40 s"), ((await end).EventType, DetailsOf((await end).Data)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("60")] // a client may give itself less time, not more
    [ProvesSetting("Gateway:Streams:TotalTimeout")]
    public async Task Stream_TakesLongerThanItMayInAll_EndsWithAnErrorHoweverBusy(string? seconds)
    {
        var clock = new ManualTimeProvider();
        var goOn = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            await goOn.Task;
            await WriteAsync(call, "two");
            return await SilentAsync(call, new TaskCompletionSource());
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock, ("Gateway:Streams:TotalTimeout", "00:00:09"));
        using var client = gateway.CreateClientWithKey();
        if (seconds is not null)
        {
            client.DefaultRequestHeaders.Add("X-Request-Timeout", seconds);
        }

        using var response = await StartAsync(client);
        await using var events = await EventsAsync(response);
        await NextAsync(events);
        clock.Advance(TimeSpan.FromSeconds(8));
        goOn.SetResult();
        var second = await NextAsync(events);
        clock.Advance(TimeSpan.FromSeconds(1));
        var end = await NextAsync(events).WaitAsync(Limit);

        Assert.Equal("two", TextOf(second.Data));
        Assert.Equal(("error", "the call did not end within its 9 s"), (end.EventType, DetailsOf(end.Data)));
    }

    [Theory]
    [InlineData("X-Request-Timeout", "2.5")]
    [InlineData("grpc-timeout", "2500m")]
    public async Task Header_GivesLessTime_Counts(string header, string value)
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource<TimeSpan?>();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.SetResult(call.Timeout);
            return await SilentAsync(call, new TaskCompletionSource());
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add(header, value);

        var answer = Answer.OfAsync(client, "POST", Generate, "{}");
        var upstreamTimeout = await called.Task;
        clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.InRange(upstreamTimeout!.Value, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.5)); // less what the way took
        Assert.Equal((HttpStatusCode.GatewayTimeout, "the call did not end within its 2.5 s"), ((await answer).Http, (await answer).Details));
    }

    [Theory]
    [InlineData("3", "1S", 1)]
    [InlineData("1", "3S", 1)]
    [InlineData("600", null, 300)] // never more than Gateway:Upstream:UnaryTimeout
    public async Task Headers_SeveralLimits_TheShortestGoesUpstream(string seconds, string? grpc, int expected)
    {
        TimeSpan? given = null;
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            given = call.Timeout;
            return Task.FromResult(new GrpcStatus(GrpcStatusCode.NotFound, ""));
        });
        await using var gateway = GatewayHost.Start(upstream.Address, new ManualTimeProvider());
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Request-Timeout", seconds);
        if (grpc is not null)
        {
            client.DefaultRequestHeaders.Add("grpc-timeout", grpc);
        }

        await Answer.OfAsync(client, "POST", "/v2/models/m/outputs", "{}");

        Assert.InRange(given!.Value, TimeSpan.FromSeconds(expected * 0.5), TimeSpan.FromSeconds(expected)); // less what the way took
    }

    [Theory]
    [InlineData("X-Request-Timeout", "soon")]
    [InlineData("X-Request-Timeout", "0")]
    [InlineData("X-Request-Timeout", "-1")]
    [InlineData("X-Request-Timeout", "1e3")]
    [InlineData("X-Request-Timeout", "NaN")]
    [InlineData("X-Request-Timeout", "99999999999")]
    [InlineData("grpc-timeout", "5")]
    [InlineData("grpc-timeout", "123456789S")]
    public async Task Header_Unreadable_Is400(string header, string value)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add(header, value);

        var answer = await Answer.OfAsync(client, "POST", Generate, "{}");

        Assert.Equal((HttpStatusCode.BadRequest, 11100), (answer.HasTheApisShape().Http, answer.Code));
        Assert.StartsWith(header + " is ", answer.Details, StringComparison.Ordinal);
    }

    private static async Task<GrpcStatus> SilentAsync(GrpcServerCall call, TaskCompletionSource called)
    {
        var left = new TaskCompletionSource();
        call.CancellationToken.Register(left.SetResult);
        called.TrySetResult();
        await left.Task;
        return GrpcStatus.DefaultSuccess;
    }
}
