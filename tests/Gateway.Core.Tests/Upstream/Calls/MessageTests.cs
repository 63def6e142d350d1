using System.Globalization;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Testing.Grpc;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Messages of any size and number, and alone or many calls at once: each comes as it was sent, and belongs to its own call.</summary>
public sealed class MessageTests
{
    private const int Workers = 16;
    private const int CallsEach = 40;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32 * 1024)]
    [InlineData((32 * 1024) + 1)]
    [InlineData(1024 * 1024)]
    [InlineData((1024 * 1024) + 1)]
    [InlineData(8 * 1024 * 1024)]
    public async Task Unary_AnyLength_ComesBackUnchanged(int length)
    {
        await using var pair = await UpstreamPair.StartAsync(EchoAsync);
        var request = Bytes.Pattern(length, seed: length);

        var reply = await pair.Upstream.UnaryAsync(Bytes.Segmented(request, 10_007));

        Assert.Equal(Outcome.OK, reply.Outcome);
        Assert.True(reply.Message.AsSpan().SequenceEqual(request));
        Assert.Empty(pair.Server.Log.Entries);
    }

    [Fact]
    public async Task Unary_OverKestrelsOwnBodyLimit_IsServed()
    {
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            await call.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request.Length.ToString(CultureInfo.InvariantCulture)));
            return Status.DefaultSuccess;
        });

        var reply = await pair.Upstream.UnaryAsync(Bytes.Of(new byte[40 * 1024 * 1024])); // Kestrel's default is 30,000,000

        Assert.Equal((Outcome.OK, "41943040"), (reply.Outcome, reply.Text));
    }

    [Fact]
    public async Task Stream_SecondMessageHeldBack_FirstArrivesBefore()
    {
        var firstArrived = new TaskCompletionSource();
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            using var request = await call.ReadSingleAsync();
            await call.WriteAsync(request.Memory);
            await firstArrived.Task;
            await call.WriteAsync("second"u8.ToArray());
            return Status.DefaultSuccess;
        });
        await using var stream = pair.Upstream.Stream(Bytes.Of("first"));

        Assert.Equal("first", (await stream.ReadAsync()).Text());
        firstArrived.SetResult();

        Assert.Equal("second", (await stream.ReadAsync()).Text());
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Fact]
    public async Task Stream_ManyMessagesOfAnyLength_ArriveInOrder()
    {
        const int count = 200;
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            for (var i = 0; i < count; i++)
            {
                await call.WriteAsync(Bytes.Pattern(LengthOf(i), seed: i));
            }

            return Status.DefaultSuccess;
        });
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"));

        for (var i = 0; i < count; i++)
        {
            Assert.True((await stream.ReadAsync()).AsSpan().SequenceEqual(Bytes.Pattern(LengthOf(i), seed: i)));
        }

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);

        static int LengthOf(int i) => i * i % 70_000;
    }

    // What the peer may send ahead of a reader is bounded, nothing of it is lost, and other streams of the connection go on.
    [Fact]
    public async Task Stream_SlowReader_HoldsTheServerBackAndNobodyElse()
    {
        const int count = 100, length = 100_000, ahead = 10, roundTrips = 50;
        var sent = 0;
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            if (!call.Path.EndsWith("/GenerateModelOutputs", StringComparison.Ordinal))
            {
                return await EchoAsync(call);
            }

            for (; sent < count; sent++)
            {
                await call.WriteAsync(Bytes.Pattern(length, seed: sent));
            }

            return Status.DefaultSuccess;
        });
        await using var slow = pair.Upstream.Stream(Bytes.Of("x"));
        await using var other = pair.Upstream.Duplex();

        Assert.NotNull(await slow.ReadAsync());
        for (var i = 0; i < roundTrips; i++)
        {
            Assert.True(await other.WriteAsync(Bytes.Of(Bytes.Pattern(length, seed: i))));
            Assert.NotNull(await other.ReadAsync());
        }

        Assert.InRange(sent, 1, ahead);
        for (var i = 1; i < count; i++)
        {
            Assert.True((await slow.ReadAsync()).AsSpan().SequenceEqual(Bytes.Pattern(length, seed: i)));
        }

        Assert.Null(await slow.ReadAsync());
        Assert.Equal(Outcome.OK, slow.End.Outcome);
    }

    [Fact]
    public async Task Stream_NoMessages_IsOk()
    {
        await using var pair = await UpstreamPair.StartAsync(_ => Task.FromResult(Status.DefaultSuccess));
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"));

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Fact]
    public async Task Duplex_NoMessages_ServerSeesTheEnd()
    {
        await using var pair = await UpstreamPair.StartAsync(EchoAsync);
        await using var stream = pair.Upstream.Duplex();

        await stream.CompleteAsync();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Fact]
    public async Task Duplex_MessagesWrittenBeforeAnyIsRead_AllArriveInOrder()
    {
        await using var pair = await UpstreamPair.StartAsync(EchoAsync);
        await using var stream = pair.Upstream.Duplex();
        string[] messages = ["a", "", "b"];

        foreach (var message in messages)
        {
            Assert.True(await stream.WriteAsync(Bytes.Of(message)));
        }

        await stream.CompleteAsync();
        foreach (var message in messages)
        {
            Assert.Equal(message, (await stream.ReadAsync()).Text());
        }

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    // Pooled arrays under load: whoever used one after its return would see another call's bytes.
    [Fact]
    public async Task Unary_ManyAtOnceSomeCancelled_NoCallSeesAnothersBytes()
    {
        await using var pair = await UpstreamPair.StartAsync(EchoAsync);

        var answered = await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(pair.Upstream, worker))));

        Assert.InRange(answered.Sum(), Workers * CallsEach / 2, Workers * CallsEach);
    }

    [Fact]
    public async Task Duplex_ManyAtOnce_NoStreamSeesAnothersBytes()
    {
        await using var pair = await UpstreamPair.StartAsync(EchoAsync);

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => PingPongAsync(pair.Upstream, worker))));
    }

    private static async Task<int> WorkAsync(UpstreamCalls upstream, int worker)
    {
        var random = new Random(worker);
        var answered = 0;
        for (var i = 0; i < CallsEach; i++)
        {
            var request = Bytes.Pattern(random.Next(200_000), seed: (worker * 1000) + i);
            var sent = (byte[])request.Clone();
            using var caller = new CancellationTokenSource();
            var call = upstream.UnaryAsync(Bytes.Segmented(sent, 30_000), new UpstreamCall { CancellationToken = caller.Token });
            if (random.Next(4) == 0)
            {
                await caller.CancelAsync();
            }

            try
            {
                var reply = await call;
                Assert.Equal(Outcome.OK, reply.Outcome);
                Assert.True(reply.Message.AsSpan().SequenceEqual(request));
                answered++;
            }
            catch (OperationCanceledException) when (caller.IsCancellationRequested)
            {
                // As it was told to.
            }

            Array.Fill(sent, (byte)0xEE); // the bytes are ours again
        }

        return answered;
    }

    private static async Task PingPongAsync(UpstreamCalls upstream, int worker)
    {
        await using var stream = upstream.Duplex();
        var buffer = new byte[50_000];
        for (var i = 0; i < CallsEach; i++)
        {
            new Random((worker * 1000) + i).NextBytes(buffer);
            Assert.True(await stream.WriteAsync(Bytes.Of(buffer)));
            Assert.True((await stream.ReadAsync()).AsSpan().SequenceEqual(buffer));
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    private static async Task<Status> EchoAsync(GrpcServerCall call)
    {
        while (await call.ReadAsync() is { } message)
        {
            await call.WriteAsync(message.Memory);
        }

        return Status.DefaultSuccess;
    }
}
