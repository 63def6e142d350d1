using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Api.Tests.Faces.Mcp;
using Gateway.Api.Tests.Faces.OpenAi;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Http;

/// <summary>Bodies that are no JSON, and that say so, where a path takes nothing else.</summary>
public sealed class BodyTypeTests(BodyTypeTests.Sandboxed sandboxed) : IClassFixture<BodyTypeTests.Sandboxed>
{
    private const string Form = "multipart/form-data; boundary=b";
    private const string UrlEncoded = "application/x-www-form-urlencoded";
    private const string Parts = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n";
    private const string Search = "/v2/inputs/searches";
    private const string Predict = "/v2/models/text-generator/outputs";
    private const string Method = "/v2/models/text-generator/methods/predict";
    private const string TwoWay = "/v2/models/text-generator/outputs/stream";
    private const string WithInputs = "application/json, multipart/form-data, and images, audio and video as they are";

    [Theory]
    [InlineData(Search, Form, Parts, "The body is multipart/form-data and not JSON; this path takes application/json.")]
    [InlineData(Search, "image/png", "\u0089PNG", "The body is image/png and not JSON; this path takes application/json.")]
    [InlineData(Search, UrlEncoded, "name=tide", $"The body is {UrlEncoded} and not JSON; this path takes application/json.")]
    [InlineData(Predict, UrlEncoded, "text=tide", $"The body is {UrlEncoded} and not JSON; this path takes {WithInputs}.")]
    [InlineData(Predict, "multipart/mixed; boundary=b", Parts, $"The body is multipart/mixed and not JSON; this path takes {WithInputs}.")]
    [InlineData(Method, UrlEncoded, "prompt=tide", $"The body is {UrlEncoded} and not JSON; this path takes application/json and multipart/form-data.")]
    [InlineData(Method, "image/png", "\u0089PNG", "The body is image/png and not JSON; this path takes application/json and multipart/form-data.")]
    [InlineData(TwoWay, Form, Parts, "The body is multipart/form-data and not JSON; this path takes application/json.")]
    public async Task Body_OfATypeThatThePathDoesNotTake_Is415(string path, string type, string body, string details)
    {
        using var request = Request(path, type, body);

        var answer = await Answer.OfAsync(sandboxed.Client, request);

        Assert.Equal((415, details), ((int)answer.HasTheApisShape().Http, answer.Details));
    }

    [Theory]
    [InlineData(Form, Parts)]
    [InlineData(UrlEncoded, "model=text-generator")]
    public async Task OpenAi_Takes_NoForms(string type, string body)
    {
        using var request = Request(Face.Chat, type, body);

        var error = Face.ErrorOf(await Answer.OfAsync(sandboxed.Client, request));

        Assert.EndsWith("and not JSON; this path takes application/json.", (string?)error["message"], StringComparison.Ordinal);
        Assert.Equal("invalid_request_error", (string?)error["type"]);
    }

    [Theory]
    [InlineData(Form, Parts)]
    [InlineData(UrlEncoded, "method=ping")]
    public async Task Mcp_Takes_NoForms(string type, string body)
    {
        using var request = Request(McpPost.Root + "/models/text-generator", type, body);

        using var response = await sandboxed.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Contains("\"id\":null,\"error\":{\"code\":-32700,", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>curl calls whatever it sends a form; a mark and white space in front change nothing.</summary>
    [Theory]
    [InlineData(Search, "{\"searches\":[]}", 501)]
    [InlineData(Method, " \n{\"prompt\":\"The lighthouse\",\"max_tokens\":1}", 200)]
    [InlineData(Method, "\uFEFF{\"prompt\":\"The lighthouse\",\"max_tokens\":1}", 200)]
    [InlineData(Method, "\"a text\"", 400)]
    [InlineData(Method, "", 400)]
    public async Task Json_ThatIsCalledAForm_IsRead(string path, string body, int status)
    {
        using var request = Request(path, UrlEncoded, body);

        using var response = await sandboxed.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    private static HttpRequestMessage Request(string path, string type, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    /// <summary>One sandbox for all of them.</summary>
    public sealed class Sandboxed : IAsyncDisposable
    {
        private readonly GatewayHost _gateway = GatewayHost.Start();

        public Sandboxed() => Client = _gateway.CreateClientWithKey();

        public HttpClient Client { get; }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _gateway.DisposeAsync();
        }
    }
}
