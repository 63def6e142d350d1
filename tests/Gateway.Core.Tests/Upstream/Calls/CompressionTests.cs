using System.IO.Compression;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Compressed answers.</summary>
public sealed class CompressionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(2_000_000)]
    public async Task Answer_Compressed_IsUnpacked(int length)
    {
        var message = Bytes.Pattern(length, seed: length);
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            call.CompressResponse = true;
            await call.WriteAsync(message);
            return Status.DefaultSuccess;
        });

        var reply = await pair.Upstream.UnaryAsync(Bytes.Of("x"));

        Assert.Equal(Outcome.OK, reply.Outcome);
        Assert.True(reply.Message.AsSpan().SequenceEqual(message));
    }

    [Fact]
    public async Task Answers_SomeCompressedAndSomeNot_AreRead()
    {
        await using var server = await TestServer.StartAsync(app => app.Run(Answer(
            "gzip",
            [
                .. Bytes.Framed(Pack("one"u8.ToArray()), isCompressed: true),
                .. Bytes.Framed("two"),
                .. Bytes.Framed(Pack([]), isCompressed: true), // of no bytes at all
                .. Bytes.Framed(Pack("three"u8.ToArray()), isCompressed: true),
            ])));
        await using var upstream = new UpstreamCalls(server.Address);
        await using var stream = upstream.Stream(Bytes.Of("x"));

        foreach (var expected in (string[])["one", "two", "", "three"])
        {
            Assert.Equal(expected, (await stream.ReadAsync()).Text());
        }

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
    }

    [Theory]
    [InlineData("snappy")]
    [InlineData("identity")]
    [InlineData(null)]
    public async Task Answer_CompressedWithoutAKnownEncoding_IsInternal(string? encoding)
    {
        await using var server = await TestServer.StartAsync(app => app.Run(Answer(encoding, Bytes.Framed([9], isCompressed: true))));
        await using var upstream = new UpstreamCalls(server.Address);

        Assert.All(
            await upstream.CallEveryKindAsync(),
            reply => Assert.Equal(
                new Outcome(StatusCode.Internal, "received a compressed message without a supported grpc-encoding"), reply.Outcome));
    }

    [Fact]
    public async Task Answer_OfAnUnknownEncodingThatIsNotUsed_IsRead()
    {
        await using var server = await TestServer.StartAsync(app => app.Run(Answer("snappy", Bytes.Framed("plain"))));
        await using var upstream = new UpstreamCalls(server.Address);

        var reply = await upstream.UnaryAsync(Bytes.Of("x"));

        Assert.Equal((Outcome.OK, "plain"), (reply.Outcome, reply.Text));
    }

    [Fact]
    public async Task Answer_ThatIsNoGzip_IsInternal()
    {
        await BrokenGzipAsync("this is no gzip"u8.ToArray());
    }

    [Fact]
    public async Task Answer_WhoseGzipIsCutOff_IsInternal()
    {
        await BrokenGzipAsync(Pack(Bytes.Pattern(10_000, seed: 1))[..5000]);
    }

    private static async Task BrokenGzipAsync(byte[] packed)
    {
        await using var server = await TestServer.StartAsync(app => app.Run(Answer("gzip", Bytes.Framed(packed, isCompressed: true))));
        await using var upstream = new UpstreamCalls(server.Address);

        Assert.All(
            await upstream.CallEveryKindAsync(),
            reply => Assert.Equal(new Outcome(StatusCode.Internal, "received a compressed message that is not valid gzip"), reply.Outcome));
    }

    private static RequestDelegate Answer(string? encoding, byte[] body) => async context =>
    {
        context.Response.ContentType = "application/grpc";
        if (encoding is not null)
        {
            context.Response.Headers["grpc-encoding"] = encoding;
        }

        await context.Response.Body.WriteAsync(body);
        context.Response.AppendTrailer("grpc-status", "0");
    };

    private static byte[] Pack(byte[] message)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(message);
        }

        return packed.ToArray();
    }
}
