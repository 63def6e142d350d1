using Gateway.Grpc.Server;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>Calls that go on to another server: what their ends say of compression, and what they compress, passes as it is.</summary>
public sealed class PassThroughTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Duplex_ThroughAServerInBetween_KeepsEachMessagesForm(bool compress)
    {
        var atTheEnd = new List<bool>();
        await using GrpcPair end = await GrpcPair.StartAsync(async call =>
        {
            call.CompressResponse = compress;
            await call.StartAsync();
            while (await call.ReadAsync() is { } message)
            {
                using (message)
                {
                    atTheEnd.Add(message.WasCompressed);
                    await call.WriteAsync(message.AsSequence());
                }
            }

            return GrpcStatus.OK;
        });
        await using GrpcPair between = await GrpcPair.StartAsync(call => ForwardAsync(call, end.Channel), server: new GrpcServerOptions { PassThrough = true });
        await using DuplexStream stream = between.Channel.DuplexStreaming(GrpcPair.Path, new CallOptions { CompressRequest = compress });

        var answers = new List<(bool, string)>();
        foreach (bool now in (bool[])[compress, false, compress])
        {
            stream.CompressRequest = now;
            Assert.True(await stream.WriteAsync(Bytes.Of("a message")));
            using Payload? answer = await stream.ReadAsync();
            answers.Add((answer!.WasCompressed, answer.Text()));
        }

        Assert.Equal([compress, false, compress], atTheEnd);
        Assert.Equal([.. Enumerable.Repeat((compress, "a message"), 3)], answers);
        Assert.Equal(compress, stream.AnnouncesGzip);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatTheClientSaysOfGzip_IsToldAndPassed(bool says)
    {
        PassThrough? seen = null;
        await using GrpcPair pair = await GrpcPair.StartAsync(call =>
        {
            seen = call.PassThrough;
            return Task.FromResult(GrpcStatus.OK);
        });

        using (await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), new CallOptions { PassThrough = new PassThrough(SendsGzip: says, AcceptsGzip: !says) }))
        {
            Assert.Equal(new PassThrough(SendsGzip: says, AcceptsGzip: !says), seen);
        }
    }

    private static async Task<GrpcStatus> ForwardAsync(GrpcServerCall call, GrpcChannel next)
    {
        await using DuplexStream stream = next.DuplexStreaming(GrpcPair.Path, new CallOptions { PassThrough = call.PassThrough });
        await stream.ReadHeadersAsync();
        call.CompressResponse = stream.AnnouncesGzip;
        while (await call.ReadAsync() is { } message)
        {
            using (message) await stream.WriteAsync(message);
            using Payload? answer = await stream.ReadAsync();
            await call.WriteAsync(answer!);
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        return stream.Status;
    }
}
