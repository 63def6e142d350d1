using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using static Gateway.Api.Tests.Grpc.Frames;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Grpc;

/// <summary>Compressed messages go through as they came, flags and all; the gateway unpacks for itself what it must read.</summary>
public sealed class CompressionTests
{
    private const string ListModels = "/clarifai.api.V2/ListModels";

    private static readonly (string, string) Gzips = ("grpc-encoding", "gzip");
    private static readonly (string, string) TakesGzip = ("grpc-accept-encoding", "identity,deflate,gzip");

    private static readonly byte[] TrailersOfSuccess = Framed(0x80, "grpc-status:0\r\n"u8.ToArray());

    [Theory]
    [InlineData(GrpcFront.Predict, false)]
    [InlineData(GrpcFront.Predict, true)]
    [InlineData(GrpcFront.Generate, false)]
    [InlineData(GrpcFront.Stream, false)]
    [InlineData(GrpcFront.Stream, true)]
    public async Task Frames_OfBothSides_PassToTheByte(string path, bool web)
    {
        byte[] requests = path == GrpcFront.Stream
            ? [.. Gzip(GrpcFront.Request("one")), .. Plain(GrpcFront.Request("two")), .. Gzip(GrpcFront.Request("three"))]
            : Gzip(GrpcFront.Request("one"));
        byte[] responses = path == GrpcFront.Predict
            ? Gzip(GrpcFront.Response("one"))
            : [.. Plain(GrpcFront.Response("one")), .. Gzip(GrpcFront.Response("two"))];
        FrameFront.SeenRequest? seen = null;
        await using var front = await FrameFront.StartAsync(request =>
        {
            seen = request;
            return ("gzip", responses);
        });

        var response = await front.CallAsync(path, requests, web, Gzips, TakesGzip);

        Assert.Equal(("gzip", "identity,gzip"), (seen!.Encoding, seen.Accepted));
        Assert.Equal(requests, seen.Body);
        Assert.Equal("gzip", response.Encoding);
        Assert.Equal(web ? [.. responses, .. TrailersOfSuccess] : responses, response.Body);
    }

    [Theory]
    [InlineData(GrpcFront.Predict)]
    [InlineData(GrpcFront.Generate)]
    [InlineData(GrpcFront.Stream)]
    public async Task Plain_OfBothSides_IsAnnouncedByNobody(string path)
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

        Assert.Equal((null, "identity"), (seen!.Encoding, seen.Accepted));
        Assert.Equal(request, seen.Body);
        Assert.Null(response.Encoding);
        Assert.Equal(answer, response.Body);
    }

    [Fact]
    public async Task Message_ThatIsCompleted_GoesOnUnpacked()
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
        var named = GrpcFront.Request("x");
        named.UserAppId = new UserAppIDSet { UserId = "other" };

        await front.CallAsync(GrpcFront.Predict, Gzip(named), headers: [Gzips]);
        Assert.Equal(Gzip(named), seen);

        await front.CallAsync(GrpcFront.Predict, Gzip(GrpcFront.Request("x")), headers: [Gzips]);
        Assert.Equal(0, seen[0]);
        Assert.Equal("home", PostModelOutputsRequest.Parser.ParseFrom(seen, 5, seen.Length - 5).UserAppId.UserId);
    }

    /// <summary>The limit is for what arrives. How much a message that nobody reads here is when unpacked, is its ends' business.</summary>
    [Theory]
    [InlineData(ListModels, 1, "0")]
    [InlineData(ListModels, 0, "8")]
    [InlineData(GrpcFront.Predict, 1, "8")]
    public async Task Limit_IsForTheBytesThatArrive_UnlessTheyAreRead(string path, byte flag, string status)
    {
        var zeros = new byte[10_000];
        await using var front = await FrameFront.StartAsync(_ => (null, Plain(new MultiModelResponse())), ("Gateway:Limits:MaxBodyBytes", "900"));

        var response = await front.CallAsync(path, Framed(flag, flag == 1 ? Pack(zeros, CompressionLevel.SmallestSize) : zeros), headers: [Gzips]);

        Assert.Equal(status, response.Status);
    }

    [Theory]
    [InlineData(ListModels, "0")]
    [InlineData(GrpcFront.Predict, "13")]
    public async Task Gzip_ThatIsBroken_FailsOnlyWhoReadsIt(string path, string status)
    {
        await using var front = await FrameFront.StartAsync(_ => ("gzip", Framed(1, "no gzip either"u8.ToArray())));

        var response = await front.CallAsync(path, Framed(1, "this is no gzip"u8.ToArray()), headers: [Gzips]);

        Assert.Equal(status, response.Status);
    }

    [Theory]
    [InlineData(GrpcFront.Predict)]
    [InlineData(GrpcFront.Generate)]
    public async Task Answer_ThatTheModelIsLoading_IsReadAndTheRequestSentAgain(string path)
    {
        var bodies = new List<byte[]>();
        var request = Gzip(GrpcFront.Request("x"));
        var ready = Gzip(GrpcFront.Response("ready"));
        await using var front = await FrameFront.StartAsync(
            got =>
            {
                bodies.Add(got.Body);
                return ("gzip", bodies.Count == 1 ? Gzip(GrpcFront.Response(code: StatusCode.ModelLoading)) : ready);
            },
            ("Gateway:Upstream:Retry:InitialBackoff", "00:00:00.001"));

        var response = await front.CallAsync(path, request, headers: [Gzips, TakesGzip]);

        Assert.Equal([request, request], bodies);
        Assert.Equal(ready, response.Body);
    }

    [Fact]
    public async Task Log_OfACompressedCall_HasItsCodeAndTheBytesThatTravelled()
    {
        var request = Gzip(GrpcFront.Request("x"));
        var answer = Gzip(GrpcFront.Response("x"));
        await using var front = await FrameFront.StartAsync(_ => ("gzip", answer));

        await front.CallAsync(GrpcFront.Predict, request, headers: [Gzips, TakesGzip, ("x-request-id", "one")]);

        var line = Assert.Single(front.Log.Entries, entry => entry.Contains("req_id=one", StringComparison.Ordinal));
        Assert.Matches($@"grpc=OK 10000 [\d.]+ ms in={request.Length - 5} out={answer.Length - 5} ", line);
    }
}
