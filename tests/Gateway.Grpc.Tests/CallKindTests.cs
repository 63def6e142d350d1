using System.Text;
using Gateway.Grpc.Server;

namespace Gateway.Grpc.Tests;

/// <summary>The four kinds of calls, our client against our server.</summary>
public sealed class CallKindTests
{
    [Fact]
    public async Task Unary_Message_ComesBack()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Echo);

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("hello"), default);

        Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.Equal("hello", result.Message!.Text());
        Assert.Empty(pair.Server.Log.Entries);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 * 1024)] // the largest that is copied into one buffer
    [InlineData((32 * 1024) + 1)]
    [InlineData(1024 * 1024)] // the largest array rented before its bytes arrive
    [InlineData((1024 * 1024) + 1)]
    [InlineData(8 * 1024 * 1024)]
    public async Task Unary_AnyLength_ComesBackUnchanged(int length)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Echo);
        byte[] request = Bytes.Pattern(length, seed: length);

        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Segmented(request, 10_007), default);

        Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.True(result.Message!.Span.SequenceEqual(request));
    }

    [Fact]
    public async Task ServerStreaming_SecondMessageHeldBack_FirstArrivesBefore()
    {
        var firstArrived = new TaskCompletionSource();
        await using GrpcPair pair = await GrpcPair.StartAsync(async call =>
        {
            using Payload request = await call.ReadSingleAsync();
            await call.WriteAsync(request.AsSequence());
            await firstArrived.Task;
            await call.WriteAsync(Bytes.Of("second"));
            return GrpcStatus.OK;
        });

        await using ServerStream stream = pair.Channel.ServerStreaming(GrpcPair.Path, Bytes.Of("first"), default);
        Assert.Equal("first", await ReadTextAsync(stream.ReadAsync()));
        firstArrived.SetResult();

        Assert.Equal("second", await ReadTextAsync(stream.ReadAsync()));
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
    }

    [Fact]
    public async Task ClientStreaming_Messages_AllArriveInOrder()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Join);

        await using ClientStream stream = pair.Channel.ClientStreaming(GrpcPair.Path, default);
        Assert.True(await stream.WriteAsync(Bytes.Of("a")));
        Assert.True(await stream.WriteAsync(Bytes.Of("")));
        Assert.True(await stream.WriteAsync(Bytes.Of("b")));
        await stream.CompleteAsync();
        using UnaryResult result = await stream.ReadResponseAsync();

        Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.Equal("a||b|", result.Message!.Text());
    }

    [Fact]
    public async Task ClientStreaming_NoMessages_ServerSeesTheEnd()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Join);

        await using ClientStream stream = pair.Channel.ClientStreaming(GrpcPair.Path, default);
        await stream.CompleteAsync();
        using UnaryResult result = await stream.ReadResponseAsync();

        Assert.Equal(GrpcStatus.OK, result.Status);
        Assert.Equal(0, result.Message!.Length);
    }

    [Fact]
    public async Task Duplex_PingPong_EachAnswerComesBeforeTheNextQuestion()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Echo);

        await using DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, default);
        for (int i = 0; i < 5; i++)
        {
            Assert.True(await stream.WriteAsync(Bytes.Of($"ping {i}")));
            Assert.Equal($"ping {i}", await ReadTextAsync(stream.ReadAsync()));
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
    }

    [Fact]
    public async Task Duplex_ServerEndsFirst_WritesSayFalse()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(call => Task.FromResult(new GrpcStatus(GrpcStatusCode.Aborted, "enough")));

        await using DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, default);
        Assert.Null(await stream.ReadAsync());

        Assert.Equal(new GrpcStatus(GrpcStatusCode.Aborted, "enough"), stream.Status);
        Assert.False(await stream.WriteAsync(Bytes.Of("late")));
    }

    [Fact]
    public async Task Duplex_WriteAfterComplete_Throws()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Echo);

        await using DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, default);
        await stream.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.WriteAsync(Bytes.Of("late")).AsTask());
    }

    [Fact]
    public async Task Status_BeforeTheEnd_Throws()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Echo);

        await using DuplexStream stream = pair.Channel.DuplexStreaming(GrpcPair.Path, default);

        Assert.Throws<InvalidOperationException>(() => stream.Status);
    }

    private static async Task<GrpcStatus> Echo(GrpcServerCall call)
    {
        while (await call.ReadAsync() is { } message)
        {
            using (message) await call.WriteAsync(message.AsSequence());
        }

        return GrpcStatus.OK;
    }

    private static async Task<GrpcStatus> Join(GrpcServerCall call)
    {
        var joined = new StringBuilder();
        while (await call.ReadAsync() is { } message)
        {
            using (message) joined.Append(message.Text()).Append('|');
        }

        await call.WriteAsync(Bytes.Of(joined.ToString()));
        return GrpcStatus.OK;
    }

    private static async Task<string?> ReadTextAsync(ValueTask<Payload?> read)
    {
        using Payload? message = await read;
        return message?.Text();
    }
}
