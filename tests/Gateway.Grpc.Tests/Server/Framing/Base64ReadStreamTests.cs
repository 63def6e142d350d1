using System.IO.Pipelines;
using System.Text;
using Gateway.Grpc.Server;
using Gateway.Grpc.Server.Framing;

namespace Gateway.Grpc.Tests.Server.Framing;

/// <summary>Base64 that arrives in any pieces and is asked for in any lengths.</summary>
public sealed class Base64ReadStreamTests
{
    private static readonly byte[] Original = Bytes.Pattern(50, seed: 3);

    [Theory]
    [InlineData(50)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Read_WhateverTheSegmentsAndTheRoom_GivesTheBytes(int encodedPiece)
    {
        // Several encoded pieces, each padded by itself, as a client may send them.
        string text = string.Concat(Original.Chunk(encodedPiece).Select(Convert.ToBase64String));

        for (int segment = 1; segment <= 9; segment++)
        {
            for (int room = 1; room <= 9; room++)
            {
                await using var stream = new Base64ReadStream(PipeReader.Create(Bytes.Segmented(Encoding.ASCII.GetBytes(text), segment)));
                Assert.Equal(Original, await ReadAllAsync(stream, room));
            }
        }
    }

    [Fact]
    public async Task Read_HalfAQuadHasArrived_WaitsForTheRest()
    {
        var pipe = new Pipe();
        await using var stream = new Base64ReadStream(pipe.Reader);
        byte[] read = new byte[3];

        await pipe.Writer.WriteAsync("aG"u8.ToArray());
        ValueTask<int> reading = stream.ReadAsync(read);
        Assert.False(reading.IsCompleted);
        await pipe.Writer.WriteAsync("kh"u8.ToArray());

        Assert.Equal(3, await reading);
        Assert.Equal("hi!"u8.ToArray(), read);
    }

    [Theory]
    [InlineData("QQ")]
    [InlineData("QUI=Q")]
    [InlineData("Q===")]
    [InlineData("QU I")]
    [InlineData("QU_I")]
    public async Task Read_TextIsNotBase64_EndsTheCall(string text)
    {
        await using var stream = new Base64ReadStream(PipeReader.Create(new(Encoding.ASCII.GetBytes(text))));

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => ReadAllAsync(stream, 8));

        Assert.Equal(GrpcStatusCode.Internal, failure.Status.Code);
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream, int room)
    {
        var all = new List<byte>();
        byte[] buffer = new byte[room];
        while (await stream.ReadAsync(buffer) is > 0 and var length) all.AddRange(buffer.AsSpan(0, length));
        return [.. all];
    }
}
