using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Google.Protobuf;
using static Gateway.Api.Tests.Faces.Grpc.Frames;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>Compressed messages of either side are unpacked, and go on plain.</summary>
public sealed class CompressionTests
{
    private const string ListModels = "/clarifai.api.V2/ListModels";

    private static readonly (string, string) Gzips = ("grpc-encoding", "gzip");
    private static readonly (string, string) TakesGzip = ("grpc-accept-encoding", "identity,deflate,gzip");

    // A member without content (RFC 1952, 2.3), which .NET does not write.
    private static readonly byte[] OfNothing = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, .. new byte[8]];

    private static readonly byte[] TrailersOfSuccess = Framed(0x80, "grpc-status: 0\r\n"u8.ToArray());

    [Theory]
    [InlineData(GrpcFront.Predict, false)]
    [InlineData(GrpcFront.Predict, true)]
    [InlineData(GrpcFront.Generate, false)]
    [InlineData(GrpcFront.Stream, false)]
    [InlineData(GrpcFront.Stream, true)]
    public async Task Messages_OfBothSides_ArriveUnpacked(string path, bool web)
    {
        var requests = path == GrpcFront.Stream
            ? [.. Gzip(GrpcFront.Request("one")), .. Plain(GrpcFront.Request("two")), .. Gzip(GrpcFront.Request("three"))]
            : Gzip(GrpcFront.Request("one"));
        var unpackedRequests = path == GrpcFront.Stream
            ? [.. Plain(GrpcFront.Request("one")), .. Plain(GrpcFront.Request("two")), .. Plain(GrpcFront.Request("three"))]
            : Plain(GrpcFront.Request("one"));
        var responses = path == GrpcFront.Predict
            ? Gzip(GrpcFront.Response("one"))
            : [.. Plain(GrpcFront.Response("one")), .. Gzip(GrpcFront.Response("two"))];
        var unpackedResponses = path == GrpcFront.Predict
            ? Plain(GrpcFront.Response("one"))
            : [.. Plain(GrpcFront.Response("one")), .. Plain(GrpcFront.Response("two"))];
        FrameFront.SeenRequest? seen = null;
        await using var front = await FrameFront.StartAsync(request =>
        {
            seen = request;
            return ("gzip", responses);
        });

        var response = await front.CallAsync(path, requests, web, Gzips, TakesGzip);

        Assert.Null(seen!.Encoding);
        Assert.Contains("gzip", seen.Accepted, StringComparison.Ordinal);
        Assert.Equal(unpackedRequests, seen.Body);
        Assert.Null(response.Encoding);
        Assert.Equal(web ? [.. unpackedResponses, .. TrailersOfSuccess] : unpackedResponses, response.Body);
    }

    [Theory]
    [InlineData(GrpcFront.Predict)]
    [InlineData(GrpcFront.Generate)]
    [InlineData(GrpcFront.Stream)]
    public async Task Plain_OfBothSides_StaysAsItIs(string path)
    {
        var request = Plain(GrpcFront.Request("one"));
        var answer = Plain(GrpcFront.Response("one"));
        FrameFront.SeenRequest? seen = null;
        await using var front = await FrameFront.StartAsync(got =>
        {
            seen = got;
            return (null, answer);
        });

        var response = await front.CallAsync(path, request);

        Assert.Null(seen!.Encoding);
        Assert.Equal(request, seen.Body);
        Assert.Null(response.Encoding);
        Assert.Equal(answer, response.Body);
    }

    [Fact]
    public async Task Message_InGzip_IsCompletedLikeAnyOther()
    {
        byte[] seen = [];
        await using var front = await FrameFront.StartAsync(
            request =>
            {
                seen = request.Body;
                return (null, Plain(GrpcFront.Response()));
            },
            (GrpcFront.Tenant + ":KeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(FrameFront.Key)))),
            (GrpcFront.Tenant + ":Pat", "pat"),
            (GrpcFront.Tenant + ":UserId", "home"));

        await front.CallAsync(GrpcFront.Predict, Gzip(GrpcFront.Request("x")), headers: [Gzips]);

        Assert.Equal(0, seen[0]);
        Assert.Equal("home", PostModelOutputsRequest.Parser.ParseFrom(seen, 5, seen.Length - 5).UserAppId.UserId);
    }

    [Theory]
    [InlineData(ListModels, 1, 900, "0")]
    [InlineData(ListModels, 1, 901, "8")]
    [InlineData(ListModels, 0, 901, "8")]
    [InlineData(GrpcFront.Predict, 1, 901, "8")]
    public async Task Limit_IsForTheUnpackedBytes(string path, byte flag, int length, string status)
    {
        // Of a field that no message has.
        byte[] message = [0xFA, 0x7F, .. LengthOf(length - 4), .. new byte[length - 4]];
        await using var front = await FrameFront.StartAsync(_ => (null, Plain(new MultiModelResponse())), ("Gateway:Limits:MaxBodyBytes", "900"));

        var response = await front.CallAsync(path, Framed(flag, flag == 1 ? Pack(message, CompressionLevel.SmallestSize) : message), headers: [Gzips]);

        Assert.Equal(status, response.Status);
    }

    [Fact]
    [ProvesSetting("Gateway:Limits:MaxUnpackedBytes")]
    public async Task Message_OverTheLimitOfPackedOnes_IsRefused()
    {
        await using var front = await FrameFront.StartAsync(_ => throw new InvalidOperationException("must not be called"), ("Gateway:Limits:MaxUnpackedBytes", "999"));

        var response = await front.CallAsync(GrpcFront.Predict, Framed(1, Pack(new byte[1000], CompressionLevel.NoCompression)), headers: [Gzips]);

        Assert.Equal("8", response.Status);
    }

    [Theory]
    [InlineData(2 * 1024 * 1024, "Gateway:Limits:MaxUnpackedBytes is 33554432, and each byte may become 100.")]
    [InlineData(64 * 1024 * 1024, "Gateway:Limits:MaxUnpackedBytes is 33554432, and each byte may become 100.")]
    public async Task Message_ThatBecomesFarLarger_IsRefused(int length, string reason)
    {
        await using var front = await FrameFront.StartAsync(_ => throw new InvalidOperationException("must not be called"));

        var response = await front.CallAsync(GrpcFront.Predict, Framed(1, Pack(new byte[length], CompressionLevel.SmallestSize)), headers: [Gzips]);

        Assert.Equal("8", response.Status);
        Assert.EndsWith(reason, response.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_SmallAndPackedWell_IsTaken()
    {
        await using var front = await FrameFront.StartAsync(_ => (null, Plain(new MultiModelResponse())));
        var request = new ListModelsRequest { Search = new string('a', 500_000) };

        var response = await front.CallAsync(ListModels, Framed(1, Pack(request.ToByteArray(), CompressionLevel.SmallestSize)), headers: [Gzips]);

        Assert.Equal("0", response.Status);
    }

    [Theory]
    [InlineData("two members")]
    [InlineData("something behind it")]
    [InlineData("its end again")]
    [InlineData("its length again")]
    [InlineData("no length of its own")]
    [InlineData("nothing, and a byte behind it")]
    [InlineData("nothing, and its end again")]
    [InlineData("another checksum")]
    public async Task Message_ThatIsNotOneMember_IsRefused(string how)
    {
        var member = Pack(GrpcFront.Request("x").ToByteArray(), CompressionLevel.Optimal);
        byte[] packed = how switch
        {
            "its end again" => [.. member, .. member[^8..]],
            "its length again" => [.. member, .. member[^4..]],
            "no length of its own" => [.. member[..^4], .. new byte[4], .. member[^4..]],
            "nothing, and a byte behind it" => [.. OfNothing, 0],
            "nothing, and its end again" => [.. OfNothing, .. OfNothing[^8..]],
            "two members" => [.. member, .. member],
            "something behind it" => [.. member, 0, 0],
            _ => [.. member[..^8], (byte)~member[^8], .. member[^7..]],
        };
        await using var front = await FrameFront.StartAsync(_ => throw new InvalidOperationException("must not be called"));

        var response = await front.CallAsync(GrpcFront.Predict, Framed(1, packed), headers: [Gzips]);

        Assert.Equal("13", response.Status);
    }

    [Fact]
    public async Task Message_OfNothing_IsTaken()
    {
        await using var front = await FrameFront.StartAsync(_ => (null, Plain(new MultiModelResponse())));

        var response = await front.CallAsync(ListModels, Framed(1, OfNothing), headers: [Gzips]);

        Assert.Equal("0", response.Status);
    }

    /// <summary>As the .NET client sends a message without bytes, in gzip.</summary>
    [Theory]
    [InlineData(ListModels)]
    [InlineData(GrpcFront.Predict)]
    public async Task Message_PackedIntoNothing_IsAnEmptyOne(string path)
    {
        await using var front = await FrameFront.StartAsync(_ => (null, Plain(GrpcFront.Response())));

        var response = await front.CallAsync(path, Framed(1, []), headers: [Gzips]);

        Assert.Equal("0", response.Status);
    }

    [Theory]
    [InlineData(ListModels, 1, "this is no gzip")]
    [InlineData(GrpcFront.Predict, 1, "this is no gzip")]
    [InlineData(GrpcFront.Stream, 1, "this is no gzip")]
    [InlineData(GrpcFront.Predict, 2, "a flag that there is not")]
    public async Task Message_ThatIsBroken_IsRefused(string path, byte flag, string bytes)
    {
        await using var front = await FrameFront.StartAsync(_ => throw new InvalidOperationException("must not be called"));

        var response = await front.CallAsync(path, Framed(flag, Encoding.ASCII.GetBytes(bytes)), headers: [Gzips, ("x-request-id", "one")]);

        Assert.Equal("13", response.Status);
        Assert.Contains(front.Log.Entries, entry => entry.Contains("grpc=Internal", StringComparison.Ordinal));
        Assert.DoesNotContain(front.Log.Entries, entry => entry.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_ThatIsBroken_IsTheUpstreamsFault()
    {
        await using var front = await FrameFront.StartAsync(_ => ("gzip", Framed(1, "this is no gzip"u8.ToArray())));

        var response = await front.CallAsync(GrpcFront.Predict, Plain(GrpcFront.Request("x")));

        Assert.Equal("13", response.Status);
    }

    [Theory]
    [InlineData(GrpcFront.Predict)]
    [InlineData(GrpcFront.Generate)]
    public async Task Answer_ThatTheModelIsLoading_IsReadAndTheRequestSentAgain(string path)
    {
        var bodies = new List<byte[]>();
        var request = GrpcFront.Request("x");
        var ready = GrpcFront.Response("ready");
        await using var front = await FrameFront.StartAsync(
            got =>
            {
                bodies.Add(got.Body);
                return ("gzip", Gzip(bodies.Count == 1 ? GrpcFront.Response(code: StatusCode.ModelLoading) : ready));
            },
            ("Gateway:Upstream:Retry:InitialBackoff", "00:00:00.001"));

        var response = await front.CallAsync(path, Gzip(request), headers: [Gzips, TakesGzip]);

        Assert.Equal([Plain(request), Plain(request)], bodies);
        Assert.Equal(Plain(ready), response.Body);
    }

    [Fact]
    public async Task Log_OfACompressedCall_HasItsCodeAndTheUnpackedBytes()
    {
        var request = GrpcFront.Request("x");
        var answer = GrpcFront.Response("x");
        await using var front = await FrameFront.StartAsync(_ => ("gzip", Gzip(answer)));

        await front.CallAsync(GrpcFront.Predict, Gzip(request), headers: [Gzips, TakesGzip, ("x-request-id", "one")]);

        var line = Assert.Single(front.Log.Entries, entry => entry.Contains("req_id=one", StringComparison.Ordinal));
        Assert.Matches($@"grpc=OK 10000 [\d.]+ ms in={request.CalculateSize()} out={answer.CalculateSize()} ", line);
    }

    // As a varint of two bytes.
    private static byte[] LengthOf(int length) => [(byte)(length & 0x7F | 0x80), (byte)(length >> 7)];
}
