using System.Text;
using Gateway.Testing.Http2;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>
/// Calls that the peer has not touched: streamed requests are sent again, unseen, as only the call has what was sent of them; those of one message
/// are their maker's to send again. Their status says so.
/// </summary>
public sealed class RefusedCallTests
{
    private const uint NoError = 0x0;
    private const uint RefusedStream = 0x7;

    // The handler makes a call once, and again three times.
    private const int Attempts = 4;

    private static readonly GrpcStatus Refused = new(GrpcStatusCode.Unavailable, "the upstream refused the call") { IsUnprocessed = true };

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Unary_Refused_IsSentOnceAndUnprocessed(int size)
    {
        await using var peer = new RefusingPeer(times: 1);
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        using UnaryResult refused = await channel.UnaryAsync("/a.B/C", Bytes.Pattern(size, seed: 1).AsSequence(), default);
        using UnaryResult next = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);

        Assert.Equal(Refused, refused.Status);
        Assert.Equal(GrpcStatus.OK, next.Status);
        Assert.Equal(2, peer.Calls);
    }

    [Fact]
    public async Task ServerStreaming_Refused_IsSentOnceAndUnprocessed()
    {
        await using var peer = new RefusingPeer();
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using ServerStream stream = channel.ServerStreaming("/a.B/C", Bytes.Of("x"), default);

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Refused, stream.Status);
        Assert.Equal(1, peer.Calls);
    }

    [Fact]
    public async Task Unary_BeyondTheLastStreamOfAGoAway_IsSentOnceAndUnprocessed()
    {
        int connections = 0;
        await using var peer = new Http2Peer(async connection =>
        {
            bool first = Interlocked.Increment(ref connections) == 1;
            await connection.OpenAsync();
            int call = await connection.ReadCallAsync();
            if (first) await connection.GoAwayAsync(lastStream: 0, NoError);
            else await connection.AnswerAsync(call);
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        using UnaryResult refused = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);
        using UnaryResult next = await channel.UnaryAsync("/a.B/C", Bytes.Of("x"), default);

        Assert.Equal(Refused, refused.Status);
        Assert.Equal(GrpcStatus.OK, next.Status);
    }

    [Fact]
    public async Task Duplex_AlwaysRefused_IsUnavailableAndUnprocessed()
    {
        await using var peer = new RefusingPeer();
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", default);

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(
            new GrpcStatus(GrpcStatusCode.Unavailable, "the upstream reset the call with REFUSED_STREAM") { IsUnprocessed = true }, stream.Status);
        Assert.Equal(Attempts, peer.Calls);
    }

    [Fact]
    public async Task Duplex_EveryConnectionGoesAwayAtOnce_IsUnavailableAndUnprocessed()
    {
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ReadCallAsync();
            await connection.GoAwayAsync(lastStream: 0, NoError);
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", default);

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(
            new GrpcStatus(GrpcStatusCode.Unavailable, "the upstream shut the connection down with NO_ERROR")
            {
                IsConnectionFailure = true,
                IsUnprocessed = true,
            },
            stream.Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Attempts - 1)]
    public async Task Duplex_RefusedAfterSomeMessages_SendsThemAgainInOrder(int times)
    {
        var refused = new TaskCompletionSource();
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            for (int i = 0; i < times; i++)
            {
                int attempt = await connection.ReadCallAsync();
                await connection.ReadDataAsync(attempt, Framed("one", "", "two").Length);
                await connection.ResetAsync(attempt, RefusedStream);
            }

            int call = await connection.ReadCallAsync();
            refused.SetResult();
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", default);
        foreach (string message in (string[])["one", "", "two"]) Assert.True(await stream.WriteAsync(Bytes.Of(message)));
        await refused.Task;
        Assert.True(await stream.WriteAsync(Bytes.Of("three")));
        await stream.CompleteAsync();

        (await stream.ReadAsync())!.Dispose();
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
        Assert.Equal(Framed("one", "", "two", "three"), received);
    }

    [Fact]
    public async Task ClientStreaming_RefusedAfterItsRequestWasComplete_IsSentAgain()
    {
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            int attempt = await connection.ReadCallAsync();
            await connection.ReadRequestAsync(attempt);
            await connection.ResetAsync(attempt, RefusedStream);
            int call = await connection.ReadCallAsync();
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using ClientStream stream = channel.ClientStreaming("/a.B/C", default);
        Assert.True(await stream.WriteAsync(Bytes.Of("one")));
        await stream.CompleteAsync();
        using UnaryResult result = await stream.ReadResponseAsync();

        Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.Equal(Framed("one"), received);
    }

    [Fact]
    public async Task Duplex_RefusedAfterACompressedMessage_SendsItAgainWithItsFlag()
    {
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            int attempt = await connection.ReadCallAsync();
            await connection.ReadDataAsync(attempt, 8);
            await connection.ResetAsync(attempt, RefusedStream);
            int call = await connection.ReadCallAsync();
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", new CallOptions { PassThrough = new PassThrough(SendsGzip: true, AcceptsGzip: false) });
        Assert.True(await stream.WriteAsync(new GrpcMessage(Bytes.Of("abc"), IsCompressed: true)));
        await stream.CompleteAsync();
        (await stream.ReadAsync())!.Dispose();

        Assert.Equal([1, 0, 0, 0, 3, .. "abc"u8], received);
    }

    [Fact]
    public async Task Duplex_RefusedWhileAWriteWaitsForTheWindow_SendsAllOfIt()
    {
        byte[] message = Bytes.Pattern(50_000, seed: 1);
        byte[] received = [];
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync((Http2Setting.InitialWindowSize, 1000));
            int attempt = await connection.ReadCallAsync();
            await connection.ReadDataAsync(attempt, 1000);
            await connection.ResetAsync(attempt, RefusedStream);
            int call = await connection.ReadCallAsync();
            await connection.WindowUpdateAsync(call, 100_000);
            received = await connection.ReadRequestAsync(call);
            await connection.AnswerAsync(call);
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", default);
        Assert.True(await stream.WriteAsync(message.AsSequence()));
        await stream.CompleteAsync();
        (await stream.ReadAsync())!.Dispose();

        Assert.Equal(message, received[5..]);
    }

    [Fact]
    public async Task Duplex_RefusedAfterMoreThanIsKept_IsUnavailableAndSaysWhy()
    {
        byte[] large = Bytes.Pattern(65_000, seed: 1);
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            int attempt = await connection.ReadCallAsync();
            await connection.ReadDataAsync(attempt, large.Length);
            await connection.WindowUpdateAsync(attempt, 10_000);
            await connection.ReadDataAsync(attempt, 1000);
            await connection.ResetAsync(attempt, RefusedStream);
            while (true) await connection.ReadAsync();
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", default);
        Assert.True(await stream.WriteAsync(large.AsSequence()));
        Assert.True(await stream.WriteAsync(Bytes.Pattern(1000, seed: 2).AsSequence()));

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(
            new GrpcStatus(GrpcStatusCode.Unavailable, "the upstream refused the call, and too much of its request was sent to send it again"),
            stream.Status);
        Assert.False(await stream.WriteAsync(Bytes.Of("more")));
    }

    [Fact]
    public async Task Duplex_ResetAfterTheHeaders_IsNotMadeAgain()
    {
        int calls = 0;
        await using var peer = new Http2Peer(async connection =>
        {
            await connection.OpenAsync();
            while (true)
            {
                int call = await connection.ReadCallAsync();
                calls++;
                await connection.WriteHeadersAsync(call);
                await connection.ResetAsync(call, RefusedStream);
            }
        });
        await using var channel = new GrpcChannel(peer.Address, new GrpcChannelOptions());

        await using DuplexStream stream = channel.DuplexStreaming("/a.B/C", default);
        Assert.Null(await stream.ReadAsync());

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Unavailable, "the upstream reset the call with REFUSED_STREAM"), stream.Status);
        Assert.Equal(1, calls);
    }

    // PROTOCOL-HTTP2.md, "Length-Prefixed-Message"; all shorter than 256 bytes.
    private static byte[] Framed(params string[] messages) =>
        [.. messages.SelectMany(message => (byte[])[0, 0, 0, 0, (byte)message.Length, .. Encoding.ASCII.GetBytes(message)])];
}
