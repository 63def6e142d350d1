using System.Net;
using System.Text;
using Gateway.Api.Tests.Support;
using Gateway.Grpc;
using Gateway.Testing;
using static Gateway.Api.Tests.Support.Streams;

namespace Gateway.Api.Tests.Streaming;

/// <summary>What goes to the client while nothing comes from the upstream.</summary>
public sealed class HeartbeatTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("text/event-stream", ":\n\n")]
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
            return GrpcStatus.OK;
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
            return GrpcStatus.OK;
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
        var heartbeat = await ReadEventAsync(reader).WaitAsync(Limit);
        end.SetResult();
        var last = await ReadEventAsync(reader);

        Assert.Equal(":", heartbeat);
        Assert.Contains("event: done", last, StringComparison.Ordinal);
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
            return GrpcStatus.OK;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, clock);
        using var client = gateway.CreateClientWithKey();

        using var response = await StartAsync(client);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await ReadEventAsync(reader);
        clock.Advance(TimeSpan.FromSeconds(10));
        second.SetResult();
        await ReadEventAsync(reader);
        clock.Advance(TimeSpan.FromSeconds(14)); // the timer fires, and finds that 14 s are not 15
        clock.Advance(TimeSpan.FromSeconds(1));
        var heartbeat = await ReadEventAsync(reader);
        end.SetResult();
        var last = await ReadEventAsync(reader);

        Assert.Equal(":", heartbeat);
        Assert.Contains("event: done", last, StringComparison.Ordinal);
    }

    private static async Task<string> ReadAsync(Stream body, int length)
    {
        var bytes = new byte[length];
        await body.ReadExactlyAsync(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static async Task<string> ReadEventAsync(StreamReader reader)
    {
        var lines = new StringBuilder();
        while (await reader.ReadLineAsync() is { Length: > 0 } line) lines.Append(line);
        return lines.ToString();
    }
}
