using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Errors;

/// <summary>Each kind of bad request, with the place that its answer names.</summary>
public sealed class BadRequestTests(BadRequestTests.Sandboxed sandboxed) : IClassFixture<BadRequestTests.Sandboxed>
{
    private const string Predict = "/v2/models/image-classifier/outputs";

    [Theory]
    [InlineData("{", "the JSON text ends too early at byte 1")]
    [InlineData("{} x", "text after the end of the JSON value at byte 3")]
    [InlineData("{'inputs':[]}", "expected a member's name in double quotes at byte 1")]
    [InlineData("[]", "expected an object")]
    [InlineData("""{"inputs":{}}""", "inputs: expected an array")]
    [InlineData("""{"inputs":[{"data":"text"}]}""", "inputs[0].data: expected an object")]
    [InlineData("""{"inputs":[{},{"data":{"image":{"base64":"a*b="}}}]}""", "inputs[1].data.image.base64: not base64")]
    [InlineData("""{"inputs":[{"data":{"image":{"url":7}}}]}""", "inputs[0].data.image.url: expected a string")]
    [InlineData("""{"inputs":[null]}""", "inputs[0]: null is not allowed here")]
    [InlineData("""{"use_predict_cache":"yes"}""", "use_predict_cache: expected true or false")]
    [InlineData("""{"model":{"visibility":{"gettable":"NOBODY"}}}""", "model.visibility.gettable: unknown enum value \"NOBODY\"")]
    [InlineData("""{"model":{"created_at":"yesterday"}}""", "model.created_at: not an RFC 3339 timestamp from year 1 to 9999")]
    [InlineData("""{"model_id":"a","modelId":"b"}""", "model_id: given twice")]
    [InlineData("""{"inputs":[{"data":{"text":{"raw":"\ud800"}}}]}""", "inputs[0].data.text.raw: an escape of half a surrogate pair at byte")]
    public async Task Body_CannotBeRead_NamesThePlace(string body, string place)
    {
        var answer = await Answer.OfAsync(sandboxed.Client, "POST", Predict, body);

        Assert.Equal((HttpStatusCode.BadRequest, 11100), (answer.HasTheApisShape().Http, answer.Code));
        Assert.StartsWith(place, answer.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"nobody_reads_this":""", "", 80, "nested more than 64 deep")]
    [InlineData("""{"inputs":[{"data":{"metadata":""", "}}]", 60, "[\"a\"]: nested more than 100 messages deep, the limit of protobuf; an object of free JSON is three")]
    public async Task Body_TooDeep_NamesTheLimit(string begin, string end, int depth, string limit)
    {
        var body = begin + string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth) + end + "}";

        var answer = await Answer.OfAsync(sandboxed.Client, "POST", Predict, body);

        Assert.Equal((HttpStatusCode.BadRequest, 11100), (answer.HasTheApisShape().Http, answer.Code));
        Assert.EndsWith(limit, answer.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models/text-sentiment/outputs", 128)]
    [InlineData("/v2/workflows/detect-crop-classify/results", 32)]
    public async Task Inputs_OverTheLimit_AreRefusedAndUpToItTaken(string path, int limit)
    {
        var over = await Answer.OfAsync(sandboxed.Client, "POST", path, Inputs(limit + 1));
        var upTo = await Answer.OfAsync(sandboxed.Client, "POST", path, Inputs(limit));

        Assert.Equal((HttpStatusCode.BadRequest, 11100), (over.HasTheApisShape().Http, over.Code));
        Assert.Equal($"inputs[{limit}]: more than {limit} elements, the limit for one call", over.Details);
        Assert.NotEqual(11100, upTo.Code);
    }

    [Fact]
    [ProvesSetting("Gateway:Limits:MaxBodyBytes")]
    public async Task Body_AnnouncedTooLarge_IsRefusedBeforeItIsSent()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(sandboxed.Client.BaseAddress!.Host, sandboxed.Client.BaseAddress.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Predict} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\nContent-Length: 200000\r\n\r\n"));

        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":40033", answer, StringComparison.Ordinal);
        Assert.Contains("The body has 200000 bytes; the limit is 100000.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ChunkedTooLarge_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Predict);
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StringContent(RawText(1) + new string(' ', 100_000));

        var answer = await Answer.OfAsync(sandboxed.Client, request);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 40033), (answer.HasTheApisShape().Http, answer.Code));
        Assert.Equal("The body is over the limit of 100000 bytes.", answer.Details);
    }

    [Fact]
    [ProvesSetting("Gateway:Limits:MaxStringBytes")]
    public async Task String_OverTheLimit_NamesIt()
    {
        var answer = await Answer.OfAsync(
            sandboxed.Client, "POST", Predict, RawText(5_001));

        Assert.Equal("inputs[0].data.text.raw: a string of more than 5000 bytes", answer.HasTheApisShape().Details);
    }

    [Fact]
    [ProvesSetting("Gateway:Limits:MaxJsonMembers")]
    public async Task Members_OverTheLimit_NameIt()
    {
        var answer = await Answer.OfAsync(sandboxed.Client, "POST", Predict, $$"""{"unknown":[{{string.Join(',', Enumerable.Repeat("0", 2_000))}}]}""");

        Assert.EndsWith("more than 2000 values", answer.HasTheApisShape().Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models?page=abc", "page: expected a number")]
    [InlineData("/v2/models?page=-1", "page: out of range, which is 0 to 4294967295")]
    [InlineData("/v2/models?trained_only=maybe", "trained_only: expected true or false")]
    [InlineData("/v2/models/%FF", "model_id: not UTF-8")]
    public async Task Url_CannotBeRead_NamesTheField(string url, string details)
    {
        var answer = await Answer.OfAsync(sandboxed.Client, "GET", url);

        Assert.Equal((HttpStatusCode.BadRequest, 11100, details), (answer.HasTheApisShape().Http, answer.Code, answer.Details));
    }

    [Theory]
    [InlineData("/v2/models//outputs")]
    [InlineData("/v2/workflows//results")]
    [InlineData("/v2/users//apps/main/models/text-generator/outputs")]
    [InlineData("/v2/models//methods/predict")]
    [InlineData("/v2/models/%20/outputs")]
    [InlineData("/v2/models/%20/methods/predict")]
    public async Task Name_ThatIsEmptyOrBlank_IsNotFound(string path)
    {
        var answer = await Answer.OfAsync(sandboxed.Client, "POST", path, "{}");

        Assert.Equal(HttpStatusCode.NotFound, answer.Http);
        Assert.True(answer.Code is 11101 or 21200, answer.Body.ToJsonString());
    }

    [Fact]
    public async Task Path_Unknown_IsNotFound()
    {
        var answer = await Answer.OfAsync(sandboxed.Client, "GET", "/v2/nothing/here");

        Assert.Equal((HttpStatusCode.NotFound, 11101), (answer.HasTheApisShape().Http, answer.Code));
    }

    [Fact]
    public async Task Verb_Wrong_SaysWhichAreRight()
    {
        var answer = await Answer.OfAsync(sandboxed.Client, "DELETE", Predict);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, 11103), (answer.HasTheApisShape().Http, answer.Code));
        Assert.Equal(["POST"], answer.Response.Content.Headers.Allow);
    }

    private static string RawText(int length) => """{"inputs":[{"data":{"text":{"raw":" """ + new string('a', length - 1) + "\"}}}]}";

    private static string Inputs(int count) =>
        $$"""{"inputs":[{{string.Join(',', Enumerable.Repeat("""{"data":{"text":{"raw":"good"}}}""", count))}}]}""";

    /// <summary>A gateway on the sandbox, with limits small enough to go over.</summary>
    public sealed class Sandboxed : IAsyncLifetime
    {
        private readonly GatewayHost _gateway = GatewayHost.Start(
            null, ("Gateway:Limits:MaxBodyBytes", "100000"), ("Gateway:Limits:MaxStringBytes", "5000"), ("Gateway:Limits:MaxJsonMembers", "2000"));

        internal HttpClient Client { get; private set; } = new();

        public Task InitializeAsync()
        {
            Client = _gateway.CreateClientWithKey();
            return Task.CompletedTask;
        }

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await _gateway.DisposeAsync();
        }
    }
}
