using System.Collections.Concurrent;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing.Http2;

namespace Gateway.Core.Tests.Upstream.Connections;

/// <summary>The beginning of a connection: no call is sent on it before the server's SETTINGS are known.</summary>
public sealed class HandshakeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Burst_OverTheServersStreamLimit_IsSpreadOverConnections(int limit)
    {
        const int calls = 40;
        var open = 0;
        var counts = new ConcurrentBag<int>();
        var allOpen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync((Http2Setting.MaxConcurrentStreams, (uint)limit));
            var streams = new List<int>();
            var next = connection.ReadCallAsync();
            while (await Task.WhenAny(next, allOpen.Task) == next)
            {
                streams.Add(await next);
                if (Interlocked.Increment(ref open) == calls)
                {
                    allOpen.SetResult();
                }

                next = connection.ReadCallAsync();
            }

            counts.Add(streams.Count);
            foreach (var stream in streams)
            {
                await connection.AnswerAsync(stream);
            }
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        // A call that is refused for good leaves the others waiting for it; the deadline ends that.
        var limited = new UpstreamCall { Timeout = TimeSpan.FromSeconds(20) };
        var replies = await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => upstream.UnaryAsync(Bytes.Of("x"), limited)));

        Assert.All(replies, reply => Assert.Equal(Outcome.OK, reply.Outcome));
        Assert.All(counts, count => Assert.InRange(count, 1, limit));
    }

    [Fact]
    public async Task Settings_InPieces_AreWaitedFor()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            byte[] settings = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100];
            foreach (var piece in settings)
            {
                await connection.WriteRawAsync([piece]);
            }

            await connection.ReadPrefaceAsync();
            await connection.AnswerAsync(await connection.ReadCallAsync());
        });
        await using var upstream = new UpstreamCalls(peer.Address);

        Assert.Equal(Outcome.OK, (await upstream.UnaryAsync(Bytes.Of("x"))).Outcome);
        Assert.Equal(Outcome.OK, (await upstream.DuplexToItsEndAsync()).Outcome);
    }

    [Fact]
    public async Task Settings_ThatNeverCome_EndConnecting()
    {
        await using var peer = new Http2Peer(_ => Task.CompletedTask);

        await EveryKindEndsAsync(peer, "connecting timed out", new ChannelOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
    }

    [Fact]
    public async Task Connection_ClosedBeforeSettings_IsUnreachable()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.ReadPrefaceAsync();
            connection.Dispose();
        });

        await EveryKindEndsAsync(peer, "it closed the connection before a call could be sent");
    }

    [Fact]
    public async Task Peer_OfAnotherProtocol_IsUnreachable()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.ReadPrefaceAsync();
            await connection.WriteRawAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });

        await EveryKindEndsAsync(peer, "it does not speak HTTP/2");
    }

    private static async Task EveryKindEndsAsync(Http2Peer peer, string why, ChannelOptions? options = null)
    {
        await using var upstream = new UpstreamCalls(peer.Address, options);
        Assert.All(await upstream.CallEveryKindAsync(), reply => Assert.Equal(Outcome.Unreachable(why), reply.Outcome));
    }
}
