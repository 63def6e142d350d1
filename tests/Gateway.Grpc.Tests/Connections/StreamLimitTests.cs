using System.Globalization;
using System.Text;
using Gateway.Testing;
using Gateway.Testing.Http2;

namespace Gateway.Grpc.Tests.Connections;

/// <summary>More calls than a connection takes (SETTINGS_MAX_CONCURRENT_STREAMS): they go out on more connections, and wait for nobody.</summary>
public sealed class StreamLimitTests
{
    // Only a call that waits for others to end needs it.
    private static readonly CallOptions Limited = new() { Timeout = TimeSpan.FromSeconds(30) };

    [Theory]
    [InlineData(101, "2 connections")]
    [InlineData(1000, "10 connections")]
    public async Task Streams_OverTheServersLimit_AreAllOpenAtOnce(int count, string connections)
    {
        await using NodeProgram server = await NodeProgram.StartAsync("stream-limit-server.js", count.ToString(CultureInfo.InvariantCulture));
        await using var channel = new GrpcChannel(await server.ReadAddressAsync(), new GrpcChannelOptions());

        // The server answers none before it has all.
        string[] answers = await Task.WhenAll(Enumerable.Range(0, count).Select(i => ReadOnlyMessageAsync(channel, $"stream {i}")));

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"stream {i}"), answers);
        Assert.Equal(connections, await server.ReadLineAsync());
    }

    [Fact]
    public async Task Call_CancelledWhileItWaitsForAConnection_IsNeverSent()
    {
        int connections = 0;
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            if (Interlocked.Increment(ref connections) == 1)
            {
                await connection.OpenAsync((Http2Setting.MaxConcurrentStreams, 1));
                int first = await connection.ReadCallAsync();
                await answered.Task;
                await connection.AnswerAsync(first);
                return;
            }

            await connection.ReadPrefaceAsync();
            waiting.SetResult();
            await cancelled.Task;
            await connection.WriteAsync(Http2FrameType.Settings, 0, 0, []);
            int next = await connection.ReadCallAsync();
            received = await connection.ReadRequestAsync(next);
            await connection.AnswerAsync(next);
            answered.SetResult();
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        ValueTask<UnaryResult> running = channel.UnaryAsync("/a.B/C", Bytes.Of("first"), Limited);
        using var caller = new CancellationTokenSource();
        ValueTask<UnaryResult> queued = channel.UnaryAsync("/a.B/C", Bytes.Of("second"), Limited with { CancellationToken = caller.Token });
        await waiting.Task;
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await queued);
        ValueTask<UnaryResult> later = channel.UnaryAsync("/a.B/C", Bytes.Of("third"), Limited);
        cancelled.SetResult();

        using (UnaryResult result = await running) Assert.Equal(GrpcStatus.OK, result.Status);
        using (UnaryResult result = await later) Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.Equal("third", Encoding.ASCII.GetString(received.AsSpan(5))); // after the prefix
    }

    private static async Task<string> ReadOnlyMessageAsync(GrpcChannel channel, string request)
    {
        await using ServerStream stream = channel.ServerStreaming("/a.B/C", Bytes.Of(request), Limited);
        using Payload? message = await stream.ReadAsync();
        return message is null ? stream.Status.ToString() : message.Text();
    }
}
