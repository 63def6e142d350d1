using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Http;
using Gateway.Api.Tests.Support;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Http;

/// <summary>Uploads whose names say nothing of what they are: what they begin with does.</summary>
public sealed class MediaSignatureTests
{
    private const string Predict = "/v2/models/m/outputs";
    private const string OctetStream = "application/octet-stream";
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    /// <summary>The first bytes of files that common programs wrote, in hexadecimal, and what each is.</summary>
    public static TheoryData<string, string> Starts => new()
    {
        { "89504E470D0A1A0A0000000D49484452", "image/png" },
        { "FFD8FFE000104A46494600010101", "image/jpeg" },
        { "FFD8FFDB004300", "image/jpeg" },
        { "47494638396101000100", "image/gif" },
        { "524946464200000057454250565038", "image/webp" },
        { "424D9A000000000000007A0000006C000000", "image/bmp" },
        { "424D3E000000000000003E00000028000000", "image/bmp" },
        { "49492A0008000000", "image/tiff" },
        { "4D4D002A00000008", "image/tiff" },
        { "52494646246C000057415645666D7420", "audio/wav" },
        { "4944330400000000", "audio/mpeg" },
        { "FFFB9064000F", "audio/mpeg" },
        { "FFF34064C000", "audio/mpeg" },
        { "664C614300000022", "audio/flac" },
        { "4F67675300020000", "audio/ogg" },
        { "00000020667479704D344120000002004D344120", "audio/mp4" },
        { "0000002066747970697364636D000200", "video/mp4" },
        { "000000186674797069736F6D0000020069736F6D", "video/mp4" },
        { "1A45DFA39F4286810142F7810142", "video/webm" },
        { "0000001C667479706865696300000000", "image/heic" },
        { "0000001C667479706176696600000000", "image/avif" },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public void Start_TellsTheType(string start, string type) => Assert.Equal(type, MediaSignature.TypeOf(Convert.FromHexString(start)));

    [Theory]
    [InlineData("BM is how this sentence begins")]
    [InlineData("RIFF with nothing known in it")]
    [InlineData("GIF")]
    [InlineData("{\"inputs\":[]}")]
    [InlineData("text")]
    [InlineData("")]
    public void Text_IsNone(string text) => Assert.Null(MediaSignature.TypeOf(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("FFFF9064000F")] // layer I
    [InlineData("FFFBF064000F")] // a bit rate that there is not
    [InlineData("FFFB9C64000F")] // a sampling rate that there is not
    [InlineData("FFEB9064000F")] // a version that there is not
    [InlineData("FFFE610062006300")] // UTF-16
    [InlineData("424D9A000000010000007A0000006C000000")]
    public void Bytes_ThatAreNearlyAMedium_AreNone(string start) => Assert.Null(MediaSignature.TypeOf(Convert.FromHexString(start)));

    [Theory]
    [InlineData(null)]
    [InlineData(OctetStream)]
    [InlineData(UrlEncoded)]
    public async Task Body_WhoseNameSaysNothing_IsWhatItBeginsWith(string? type)
    {
        var starts = Starts.Select(row => ((string)row[0], (string)row[1])).ToList();

        var inputs = await SentAsync(starts.Select(start => Body(Convert.FromHexString(start.Item1), type)));

        Assert.Equal(starts, inputs.Zip(starts, (input, start) => (BytesOf(input.Data, start.Item2), start.Item2)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OctetStream)]
    public async Task Part_WhoseNameSaysNothing_IsWhatItBeginsWith(string? type)
    {
        var starts = Starts.Select(row => ((string)row[0], (string)row[1])).ToList();

        var inputs = await SentAsync(starts.Select(start => new MultipartFormDataContent { { Body(Convert.FromHexString(start.Item1), type), "file", "upload" } }));

        Assert.Equal(starts, inputs.Zip(starts, (input, start) => (BytesOf(input.Data, start.Item2), start.Item2)));
    }

    [Fact]
    public async Task Part_ThatNamesNeitherAFileNorAType_IsWhatItsBytesAre()
    {
        const string picture = "89504E470D0A1A0A0000000D49484452";
        using var form = new MultipartFormDataContent { { Body(Convert.FromHexString(picture), null), "file" }, { Body("GIF89a is old."u8.ToArray(), null), "text" } };

        var inputs = await SentAsync([form]);

        Assert.Equal((picture, "GIF89a is old."), (BytesOf(inputs[0].Data, "image/png"), inputs[1].Data.Text.Raw));
    }

    [Fact]
    public async Task Part_OfTextWithoutAType_IsText()
    {
        using var form = new MultipartFormDataContent { { Body("A calm sea."u8.ToArray(), null), "file", "note.txt" } };

        Assert.Equal("A calm sea.", (await SentAsync([form])).Single().Data.Text.Raw);
    }

    [Fact]
    public async Task Part_OfBytesThatAreNothingKnown_IsRefused()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();
        using var form = new MultipartFormDataContent { { Body([0x80, 0x01, 0x02], OctetStream), "file", "upload" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, Predict) { Content = form };

        var answer = await Answer.OfAsync(client, request);

        Assert.Equal(
            (HttpStatusCode.BadRequest, "The body is not a form that can be read: the part file is application/octet-stream, and an input is an image, audio, a video or text."),
            (answer.Http, answer.Details));
    }

    /// <summary>A refusal that has seen some of the body costs neither the connection nor a stack trace in the log.</summary>
    [Theory]
    [InlineData(OctetStream, "no medium")]
    [InlineData(UrlEncoded, "a=b")]
    public async Task Body_ThatIsNothingKnown_Is415_AndTheConnectionGoesOn(string type, string body)
    {
        var log = new LoggedLines("Microsoft.AspNetCore.Server.Kestrel");
        await using var gateway = GatewayHost.Start(null, log.Install, RecordedLog.Everything);

        var answers = await RawHttp.ExchangeAsync(
            gateway.Address,
            $"POST {Predict} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Key k\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}"
                + "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Matches("(?s)^HTTP/1.1 415 .*HTTP/1.1 200 OK.*live$", answers);
    }

    private static ByteArrayContent Body(byte[] bytes, string? type) =>
        new(bytes) { Headers = { ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type) } };

    private static async Task<List<Input>> SentAsync(IEnumerable<HttpContent> contents)
    {
        var sent = new List<Input>();
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            sent.AddRange(PostModelOutputsRequest.Parser.ParseFrom(call.Request).Inputs);
            return new MultiOutputResponse { Status = new Status { Code = StatusCode.Success } };
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        foreach (var content in contents)
        {
            using var answer = await client.PostAsync(Predict, content);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        return sent;
    }

    private static string BytesOf(Data data, string type) => Convert.ToHexString((type[..5] switch
    {
        "image" => data.Image.Base64,
        "audio" => data.Audio.Base64,
        _ => data.Video.Base64,
    }).Span);
}
