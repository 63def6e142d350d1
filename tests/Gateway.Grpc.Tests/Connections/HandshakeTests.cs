using System.Collections.Concurrent;
using Gateway.Testing.Http2;

namespace Gateway.Grpc.Tests.Connections;

/// <summary>The beginning of a connection: no call is sent on it before the server's SETTINGS are known.</summary>
public sealed class HandshakeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Burst_OverTheServersStreamLimit_IsSpreadOverConnections(int limit)
    {
        const int calls = 40;
        int open = 0;
        var counts = new ConcurrentBag<int>();
        var allOpen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync((Http2Setting.MaxConcurrentStreams, (uint)limit));
            var streams = new List<int>();
            Task<int> next = connection.ReadCallAsync();
            while (await Task.WhenAny(next, allOpen.Task) == next)
            {
                streams.Add(await next);
                if (Interlocked.Increment(ref open) == calls) allOpen.SetResult();
                next = connection.ReadCallAsync();
            }

            counts.Add(streams.Count);
            foreach (int stream in streams) await connection.AnswerAsync(stream);
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        // A call that is refused for good leaves the others waiting for it; the deadline ends that.
        var options = new CallOptions { Timeout = TimeSpan.FromSeconds(20) };
        UnaryResult[] results = await Task.WhenAll(
            Enumerable.Range(0, calls).Select(_ => channel.UnaryAsync("/a.B/C", Bytes.Of("x"), options).AsTask()));

        Assert.All(results, result => Assert.Equal(GrpcStatus.OK, result.Status));
        Assert.All(counts, count => Assert.InRange(count, 1, limit));
    }

    [Fact]
    public async Task Settings_InPieces_AreWaitedFor()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            byte[] settings = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100];
            foreach (byte piece in settings) await connection.WriteRawAsync([piece]);
            await connection.ReadPrefaceAsync();
            await connection.AnswerAsync(await connection.ReadCallAsync());
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);

        Assert.Equal(GrpcStatus.OK, result.Status);
    }

    [Fact]
    public async Task Settings_ThatNeverCome_EndConnecting()
    {
        await using var peer = new Http2Peer(_ => Task.CompletedTask);

        Assert.Equal(
            Unreachable("connecting timed out"),
            await CallAsync(peer, new GrpcChannelOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) }));
    }

    [Fact]
    public async Task Connection_ClosedBeforeSettings_IsUnreachable()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.ReadPrefaceAsync();
            connection.Dispose();
        });

        Assert.Equal(Unreachable("it closed the connection before a call could be sent"), await CallAsync(peer, new GrpcChannelOptions()));
    }

    [Fact]
    public async Task Peer_OfAnotherProtocol_IsUnreachable()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.ReadPrefaceAsync();
            await connection.WriteRawAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });

        Assert.Equal(Unreachable("it does not speak HTTP/2"), await CallAsync(peer, new GrpcChannelOptions()));
    }

    private static GrpcStatus Unreachable(string why) =>
        new(GrpcStatusCode.Unavailable, "upstream unreachable: " + why) { IsConnectionFailure = true, IsUnprocessed = true };

    private static async Task<GrpcStatus> CallAsync(Http2Peer peer, GrpcChannelOptions options)
    {
        await using var channel = new GrpcChannel(peer.Address, options);
        using UnaryResult result = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);
        return result.Status;
    }
}
