using System.Net;
using System.Text;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Streams;

/// <summary>What goes to the client while nothing comes from the upstream.</summary>
public sealed class HeartbeatTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("text/event-stream", ":\n")]
    [InlineData("application/x-ndjson", " ")]
    [InlineData("application/json", " ")]
    public async Task Silence_BeforeTheFirstMessage_StartsTheResponseAfterTheGrace(string accept, string heartbeat)
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.SetResult();
            await release.Task;
            return new GrpcStatus(GrpcStatusCode.Internal, "gone");
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();

        var starting = StartAsync(client, accept: accept);
        await called.Task;
        clock.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.False(starting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        using var response = await starting;
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = await ReadAsync(body, heartbeat.Length);
        clock.Advance(Interval);
        var second = await ReadAsync(body, heartbeat.Length);
        release.SetResult();
        var rest = await new StreamReader(body).ReadToEndAsync();

        Assert.Equal((HttpStatusCode.OK, accept), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal((heartbeat, heartbeat), (first, second));
        Assert.Equal("error", (string?)Records(accept, rest).Single()["event"]);
    }

    [Fact]
    [ProvesSetting("Gateway:Streams:HeartbeatGrace")]
    [ProvesSetting("Gateway:Streams:HeartbeatInterval")]
    public async Task Silence_LastsForTheConfiguredGraceAndInterval()
    {
        var grace = TimeSpan.FromSeconds(4);
        var interval = TimeSpan.FromSeconds(3);
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.SetResult();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address, clock, ("Gateway:Streams:HeartbeatGrace", $"{grace}"), ("Gateway:Streams:HeartbeatInterval", $"{interval}"));
        using var client = gateway.CreateClientWithKey();

        var starting = StartAsync(client);
        await called.Task.WaitAsync(Limit);
        clock.Advance(grace);
        using var response = await starting.WaitAsync(Limit);
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = await ReadAsync(body, 2).WaitAsync(Limit);
        clock.Advance(interval);
        var second = await ReadAsync(body, 2).WaitAsync(Limit);

        Assert.Equal((":\n", ":\n"), (first, second));
    }

    [Fact]
    public async Task FirstMessage_SaysFailureAfterAHeartbeat_IsToldInTheStream()
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.SetResult();
            await release.Task;
            await WriteAsync(call, "late", Clarifai.Api.Status.StatusCode.ModelPredictionFailed);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();

        var starting = StartAsync(client);
        await called.Task;
        clock.Advance(Grace);
        using var response = await starting;
        release.SetResult();
        var records = await RecordsAsync(response);

        Assert.Equal(["late", "error"], [TextOf(records[0].ToJsonString()), (string)records[1]["event"]!]);
    }

    [Fact]
    public async Task Silence_AfterAFirstMessageWithinTheGrace_CountsFromIt()
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        var first = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.SetResult();
            await first.Task;
            await WriteAsync(call, "one");
            await end.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();

        var starting = StartAsync(client);
        await called.Task.WaitAsync(Limit);
        clock.Advance(TimeSpan.FromSeconds(1));
        first.SetResult();
        using var response = await starting;
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadEventAsync(reader);
        clock.Advance(Interval);
        var heartbeat = await reader.ReadLineAsync().WaitAsync(Limit);
        end.SetResult();
        var last = await ReadEventAsync(reader);

        Assert.Equal(":", heartbeat);
        Assert.Equal(["id: 2", "event: done"], last[..2]);
    }

    [Fact]
    public async Task Silence_BetweenMessages_CountsFromTheLastOne()
    {
        var clock = new ManualTimeProvider();
        var second = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            await second.Task;
            await WriteAsync(call, "two");
            await end.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadEventAsync(reader);
        clock.Advance(TimeSpan.FromSeconds(10));
        second.SetResult();
        await ReadEventAsync(reader);
        clock.Advance(TimeSpan.FromSeconds(14));
        await clock.NextTimerAsync(TimeSpan.FromSeconds(1)).WaitAsync(Limit); // it was looked, and 14 s are not 15
        clock.Advance(TimeSpan.FromSeconds(1));
        var heartbeat = await reader.ReadLineAsync().WaitAsync(Limit);
        end.SetResult();
        var last = await ReadEventAsync(reader);

        Assert.Equal(":", heartbeat);
        Assert.Equal(["id: 3", "event: done"], last[..2]);
    }

    [Fact]
    public async Task Stream_NeverSilentForTheInterval_HasNone()
    {
        const int messages = 5;
        var clock = new ManualTimeProvider();
        using var next = new SemaphoreSlim(1);
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            for (var number = 1; number <= messages; number++)
            {
                await next.WaitAsync();
                await WriteAsync(call, "one of several");
            }

            await next.WaitAsync();
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var firstLines = new List<string>();
        for (var number = 1; number <= messages; number++)
        {
            firstLines.Add((await ReadEventAsync(reader).WaitAsync(Limit))[0]);
            clock.Advance(Interval - TimeSpan.FromSeconds(1));
            next.Release();
        }

        firstLines.Add((await ReadEventAsync(reader).WaitAsync(Limit))[0]);

        Assert.Equal(Enumerable.Range(1, messages + 1).Select(number => $"id: {number}"), firstLines);
    }

    /// <summary>Some clients take every blank line for the end of an event, whether it had data or not.</summary>
    [Fact]
    public async Task Heartbeats_ToAClientThatDispatchesOnEveryBlankLine_AreNoEvents()
    {
        var clock = new ManualTimeProvider();
        var called = new TaskCompletionSource();
        using var next = new SemaphoreSlim(0);
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            called.SetResult();
            await next.WaitAsync();
            await WriteAsync(call, "one");
            await next.WaitAsync();
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();

        var starting = StartAsync(client);
        await called.Task.WaitAsync(Limit);
        clock.Advance(Grace);
        using var response = await starting.WaitAsync(Limit);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync().WaitAsync(Limit);
        clock.Advance(Interval);
        await reader.ReadLineAsync().WaitAsync(Limit);
        next.Release();
        var first = await ReadEventAsync(reader).WaitAsync(Limit);
        clock.Advance(Interval);
        await reader.ReadLineAsync().WaitAsync(Limit);
        next.Release();
        var last = await ReadEventAsync(reader).WaitAsync(Limit);

        Assert.Equal(["id: 1", "id: 2"], [first[0], last[0]]);
        Assert.Null(await reader.ReadLineAsync());
    }

    private static async Task<string> ReadAsync(Stream body, int length)
    {
        var bytes = new byte[length];
        await body.ReadExactlyAsync(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The lines up to the next blank one.</summary>
    private static async Task<string[]> ReadEventAsync(StreamReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        return [.. lines];
    }
}
