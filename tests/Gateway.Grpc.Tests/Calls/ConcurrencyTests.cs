using Gateway.Grpc.Server;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>Pooled arrays under load: whoever used one after its return would see another call's bytes.</summary>
public sealed class ConcurrencyTests
{
    private const int Workers = 16;
    private const int CallsEach = 40;

    [Fact]
    public async Task Unary_ManyAtOnceSomeCancelled_NoCallSeesAnothersBytes()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Echo);

        int[] answered = await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(pair.Channel, worker))));

        Assert.InRange(answered.Sum(), Workers * CallsEach / 2, Workers * CallsEach);
    }

    [Fact]
    public async Task Duplex_ManyAtOnce_NoStreamSeesAnothersBytes()
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(Echo);

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => PingPongAsync(pair.Channel, worker))));
    }

    private static async Task<int> WorkAsync(GrpcChannel channel, int worker)
    {
        var random = new Random(worker);
        int answered = 0;
        for (int i = 0; i < CallsEach; i++)
        {
            byte[] request = Bytes.Pattern(random.Next(200_000), seed: (worker * 1000) + i);
            byte[] sent = (byte[])request.Clone();
            using var caller = new CancellationTokenSource();
            ValueTask<UnaryResult> call = channel.UnaryAsync(
                GrpcPair.Path,
                Bytes.Segmented(sent, 30_000),
                new CallOptions { CancellationToken = caller.Token, CompressRequest = random.Next(4) == 0 });
            if (random.Next(4) == 0) await caller.CancelAsync();
            try
            {
                using UnaryResult result = await call;
                Assert.Equal(GrpcStatus.OK, result.Status);
                Assert.True(result.Message!.Span.SequenceEqual(request));
                answered++;
            }
            catch (OperationCanceledException) when (caller.IsCancellationRequested)
            {
            }

            Array.Fill(sent, (byte)0xEE); // the bytes are ours again
        }

        return answered;
    }

    private static async Task PingPongAsync(GrpcChannel channel, int worker)
    {
        await using DuplexStream stream = channel.DuplexStreaming(GrpcPair.Path, default);
        byte[] buffer = new byte[50_000];
        for (int i = 0; i < CallsEach; i++)
        {
            new Random((worker * 1000) + i).NextBytes(buffer);
            Assert.True(await stream.WriteAsync(buffer.AsSequence()));
            using Payload? answer = await stream.ReadAsync();
            Assert.True(answer!.Span.SequenceEqual(buffer));
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(GrpcStatus.OK, stream.Status);
    }

    private static async Task<GrpcStatus> Echo(GrpcServerCall call)
    {
        while (await call.ReadAsync() is { } message)
        {
            using (message) await call.WriteAsync(message.AsSequence());
        }

        return GrpcStatus.OK;
    }
}
