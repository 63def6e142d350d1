using System.Globalization;
using System.Text;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing;
using Gateway.Testing.Http2;

namespace Gateway.Core.Tests.Upstream.Connections;

/// <summary>More calls than a connection takes (SETTINGS_MAX_CONCURRENT_STREAMS): they go out on more connections, and wait for nobody.</summary>
public sealed class StreamLimitTests
{
    // Only a call that waits for others to end needs it.
    private static readonly UpstreamCall Limited = new() { Timeout = TimeSpan.FromSeconds(30) };

    [Theory]
    [InlineData(101, "2 connections")]
    [InlineData(1000, "10 connections")]
    public async Task Streams_OverTheServersLimit_AreAllOpenAtOnce(int count, string connections)
    {
        await using var server = await NodeProgram.StartAsync("stream-limit-server.js", count.ToString(CultureInfo.InvariantCulture));
        await using var upstream = new UpstreamCalls(await server.ReadAddressAsync());

        // The server answers none before it has all.
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(i => ReadOnlyMessageAsync(upstream, $"stream {i}")));

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"stream {i}"), answers);
        Assert.Equal(connections, await server.ReadLineAsync());
    }

    [Fact]
    public async Task Call_CancelledWhileItWaitsForAConnection_IsNeverSent()
    {
        var connections = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            if (Interlocked.Increment(ref connections) == 1)
            {
                await connection.OpenAsync((Http2Setting.MaxConcurrentStreams, 1));
                var first = await connection.ReadCallAsync();
                begun.SetResult();
                await answered.Task;
                await connection.AnswerAsync(first);
                return;
            }

            await connection.ReadPrefaceAsync();
            waiting.SetResult();
            await cancelled.Task;
            await connection.WriteAsync(Http2FrameType.Settings, 0, 0, []);
            var next = await connection.ReadCallAsync();
            received = await connection.ReadRequestAsync(next);
            await connection.AnswerAsync(next);
            answered.SetResult();
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        var running = upstream.UnaryAsync(Bytes.Of("first"), Limited);
        await begun.Task;
        using var caller = new CancellationTokenSource();
        var queued = upstream.UnaryAsync(Bytes.Of("second"), Limited with { CancellationToken = caller.Token });
        await waiting.Task;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        var later = upstream.UnaryAsync(Bytes.Of("third"), Limited);
        cancelled.SetResult();

        Assert.Equal(Outcome.OK, (await running).Outcome);
        Assert.Equal(Outcome.OK, (await later).Outcome);
        Assert.Equal("third", Encoding.ASCII.GetString(received.AsSpan(5))); // after the prefix
    }

    private static async Task<string> ReadOnlyMessageAsync(UpstreamCalls upstream, string request)
    {
        await using var stream = upstream.Stream(Bytes.Of(request), Limited);
        return (await stream.ReadAsync()).Text() ?? stream.End.Outcome.ToString();
    }
}
