using System.Net;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Faces.Methods;

/// <summary>Every type that an argument can have, to a model that returns it, and back.</summary>
public sealed class ArgumentTypeTests(ArgumentTypeTests.Echo echo) : IClassFixture<ArgumentTypeTests.Echo>
{
    private const string Png = "iVBORw0KGgo=";

    public static TheoryData<string, string, string?> Values => new()
    {
        { "str", "\"\"", null },
        { "str", """ "h\u00e4ll\u0000o" """, null },
        { "bytes", "\"aGk=\"", null },
        { "bytes", "\"\"", null },
        { "bytes", "\"-_-_\"", "\"+/+/\"" },
        { "int", "9007199254740993", null },
        { "int", "-9223372036854775808", null },
        { "int", "4.0", "4" },
        { "int", "4e1", "40" },
        { "int", "9223372036854775807.0", "9223372036854775807" },
        { "float", "0.1", null },
        { "float", "3", null },
        { "float", "\"NaN\"", null },
        { "bool", "true", null },
        { "bool", "false", null },
        { "ndarray", "[[1,2],[3,4]]", """{"dtype":"int64","shape":[2,2],"data":[[1,2],[3,4]]}""" },
        { "ndarray", "[0.5,2]", """{"dtype":"float64","shape":[2],"data":[0.5,2]}""" },
        { "ndarray", "[true]", """{"dtype":"bool","shape":[1],"data":[true]}""" },
        { "ndarray", "[[],[]]", """{"dtype":"float64","shape":[2,0],"data":[]}""" },
        { "ndarray", "7", """{"dtype":"int64","shape":[],"data":7}""" },
        { "ndarray", """{"dtype":"float32","shape":[2,2],"data":[[0.1,1],[2,"NaN"]]}""", null },
        { "ndarray", """{"dtype":"uint8","shape":[2,2],"data":[0,1,2,255]}""", """{"dtype":"uint8","shape":[2,2],"data":[[0,1],[2,255]]}""" },
        { "ndarray", """{"dtype":"int16","shape":[2],"buffer":"AQD//w=="}""", """{"dtype":"int16","shape":[2],"data":[1,-1]}""" },
        { "ndarray", """{"dtype":"int16","shape":[2.0,1e0],"buffer":"AQD//w=="}""", """{"dtype":"int16","shape":[2,1],"data":[[1],[-1]]}""" },
        { "ndarray", """{"dtype":">i4","shape":[2,1],"buffer":"AAAAAQAAAAI="}""", null },
        { "ndarray", """{"dtype":"<f8","shape":[1],"buffer":"AAAAAAAA8D8="}""", null },
        { "ndarray", """{"dtype":"complex128","shape":[1],"buffer":"AAAAAAAA8D8AAAAAAAAAQA=="}""", null },
        { "json", """{"a":[1,null,{"b":"c"}]}""", null },
        { "json", """[1,"x"]""", null },
        { "json", """{"_list":[1],"more":2}""", null },
        { "text", "\"hi\"", null },
        { "text", """{"url":"https://example.com/a.txt"}""", "\"https://example.com/a.txt\"" },
        { "image", $"\"data:image/png;base64,{Png}\"", $$"""{"base64":"{{Png}}"}""" },
        { "image", $"\"{Png}\"", $$"""{"base64":"{{Png}}"}""" },
        { "image", $$"""{"base64":"{{Png}}"}""", null },
        { "audio", "\"https://example.com/a.mp3\"", """{"url":"https://example.com/a.mp3"}""" },
        { "video", """{"url":"https://example.com/a.mp4"}""", null },
        { "concept", """{"id":"cat","name":"cat","value":0.5}""", null },
        { "region", """{"id":"r1"}""", null },
        { "frame", """{"frame_info":{"index":3,"time":"40","number":0}}""", null },
        { "words", """["a","","c"]""", null },
        { "words", "[]", null },
        { "images", $"[\"{Png}\",\"{Png}\"]", $$"""[{"base64":"{{Png}}"},{"base64":"{{Png}}"}]""" },
        { "concepts", """[{"id":"a","value":0.25},{"id":"b","value":1}]""", null },
        { "pair", """["a",1]""", null },
        { "person", """{"name":"Bo","age":3}""", null },
    };

    [Theory, MemberData(nameof(Values))]
    public async Task Value_OfItsType_ComesBack(string method, string value, string? returned)
    {
        using var answer = await echo.Client.PostAsync(Path(method), Json(value));

        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(returned ?? value), JsonNode.Parse(text)), text);
    }

    public static TheoryData<string, string, string> Misfits => new()
    {
        { "str", "1", "value: str was expected, a number was given" },
        { "str", "null", "value: str is missing" },
        { "bytes", "\"hä\"", "value: bytes was expected, a text that is not base64 was given" },
        { "int", "1.5", "value: int was expected, 1.5 was given" },
        { "int", "9223372036854775808", "value: 9223372036854775808 is out of range, which is -9223372036854775808 to 9223372036854775807 for int" },
        { "int", "0.12345678901234567890123", "value: int was expected, 0.12345678901234567890123 was given" },
        { "int", "\"1\"", "value: int was expected, a text was given" },
        { "int", "1e19", "value: 1e19 is out of range, which is -9223372036854775808 to 9223372036854775807 for int" },
        { "float", "1e999", "value: 1e999 is out of range, which is -1.7976931348623157E+308 to 1.7976931348623157E+308 for float" },
        { "float", "\"1\"", "value: float was expected, a text was given" },
        { "bool", "0", "value: bool was expected, a number was given" },
        { "ndarray", "[[1],[2,3]]", "value: its arrays are not all of one length" },
        { "ndarray", "[[1],2]", "value: its arrays are not all of one length" },
        { "ndarray", "[1,[2]]", "value: its arrays are not all of one depth" },
        { "ndarray", "[\"x\"]", "value: \"x\" is not of dtype float64" },
        { "ndarray", """{"dtype":"uint8","data":[256]}""", "value: 256 is not of dtype uint8" },
        { "ndarray", """{"dtype":"int8","data":[1.5]}""", "value: 1.5 is not of dtype int8" },
        { "ndarray", """{"dtype":"decimal","data":[1]}""", "value: there is no dtype decimal" },
        { "ndarray", """{"dtype":"int8"}""", "value: an object needs the member data or buffer" },
        { "ndarray", """{"dtype":"int16","buffer":"AQ=="}""", "value: buffer has 1 bytes, which are no whole number of int16" },
        { "ndarray", """{"dtype":">i4","shape":[1],"data":[1]}""", "value: numbers of dtype >i4 are given as a buffer" },
        { "ndarray", """{"dtype":">i4","buffer":"AAAA"}""", "value: buffer has 3 bytes, which are no whole number of >i4" },
        { "ndarray", """{"data":[1,2,3],"shape":[2,2]}""", "value: shape asks for 4 elements, and there are 3" },
        { "ndarray", """{"data":[1],"shape":[-1]}""", "value: shape holds -1, which is no length" },
        { "json", "\"x\"", "value: json was expected, which is an object or a list; a text was given" },
        { "json", "5", "value: json was expected, which is an object or a list; a number was given" },
        { "json", "true", "value: json was expected, which is an object or a list; a truth value was given" },
        { "image", "\"no base64!\"", "value: Image was expected: a URL, a data URL, base64, or an object with url or base64" },
        { "image", "{}", "value: Image was expected: an object needs the member url or base64" },
        { "image", "[]", "value: Image was expected, a list was given" },
        { "concept", "\"cat\"", "value: Concept was expected, a text was given" },
        { "concept", """{"value":"much"}""", "value: value: expected a number" },
        { "words", """["a",1]""", "value[1]: str was expected, a number was given" },
        { "words", "\"a\"", "value: list[str] was expected, a text was given" },
        { "pair", """["a"]""", "value: tuple[str, int] was expected, a list of 1 was given" },
        { "pair", """["a","b"]""", "value[1]: int was expected, a text was given" },
        { "person", """{"name":"Bo"}""", "value.age: int is missing" },
        { "person", """{"name":"Bo","age":1,"x":2}""", "value.x: there is no such field in {name: str, age: int}" },
    };

    [Theory, MemberData(nameof(Misfits))]
    public async Task Value_OfAnotherType_IsRefusedByName(string method, string value, string details)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(method)) { Content = Json(value) };

        var answer = await Answer.OfAsync(echo.Client, request);

        Assert.Equal((400, 21202, details), ((int)answer.HasTheApisShape().Http, answer.Code, answer.Details));
    }

    [Theory]
    [InlineData("str", "bare text", "\"bare text\"")]
    [InlineData("int", "12", "12")]
    [InlineData("words", "a", "[\"a\"]")]
    [InlineData("words", "[\"a\",\"b\"]", "[\"a\",\"b\"]")]
    [InlineData("person", """{"name":"Bo","age":3}""", """{"name":"Bo","age":3}""")]
    [InlineData("audio", "https://example.com/a.mp3", """{"url":"https://example.com/a.mp3"}""")]
    public async Task FormField_IsReadByItsType(string method, string text, string returned)
    {
        using var answer = await echo.Client.PostAsync(Path(method), new MultipartFormDataContent { { new StringContent(text), "value" } });

        Assert.Equal(returned, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("image", """{"base64":"AQID"}""")]
    [InlineData("audio", """{"base64":"AQID"}""")]
    [InlineData("video", """{"base64":"AQID"}""")]
    [InlineData("bytes", "\"AQID\"")]
    [InlineData("str", """ "\u0001\u0002\u0003" """)]
    [InlineData("images", """[{"base64":"AQID"}]""")]
    public async Task FormFile_IsTheValue(string method, string returned)
    {
        using var answer = await echo.Client.PostAsync(Path(method), new MultipartFormDataContent { { new ByteArrayContent([1, 2, 3]), "value", "a.bin" } });

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(returned), JsonNode.Parse(await answer.Content.ReadAsStringAsync())));
    }

    [Fact]
    public async Task FormFiles_OfOneName_AreAList()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([1]), "value", "a" }, { new ByteArrayContent([2]), "value", "b" } };

        using var answer = await echo.Client.PostAsync(Path("images"), form);

        Assert.Equal("""[{"base64":"AQ=="},{"base64":"Ag=="}]""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task FormFile_ForANumber_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path("int"))
        {
            Content = new MultipartFormDataContent { { new ByteArrayContent([1]), "value", "a" } },
        };

        var answer = await Answer.OfAsync(echo.Client, request);

        Assert.Equal((400, "value: int was expected, a file was given"), ((int)answer.Http, answer.Details));
    }

    [Theory]
    [InlineData("str", "a", "a")]
    [InlineData("words", "a", "[\"b\"]")]
    public async Task FormField_GivenTwice_IsRefused(string method, string one, string other)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path(method))
        {
            Content = new MultipartFormDataContent { { new StringContent(one), "value" }, { new StringContent(other), "value" } },
        };

        var answer = await Answer.OfAsync(echo.Client, request);

        Assert.Equal((400, 21202, "value: it was given twice"), ((int)answer.HasTheApisShape().Http, answer.Code, answer.Details));
    }

    [Theory]
    [InlineData("multipart/form-data", "its Content-Type names no boundary")]
    [InlineData("multipart/form-data; boundary=x", "it ends early, or is not framed as multipart/form-data is")]
    public async Task Form_ThatIsNone_IsRefused(string contentType, string reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path("str")) { Content = new ByteArrayContent("--x\r\nno form"u8.ToArray()) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var answer = await Answer.OfAsync(echo.Client, request);

        Assert.Equal((400, $"The body is not a form that can be read: {reason}."), ((int)answer.HasTheApisShape().Http, answer.Details));
    }

    private static string Path(string method) => $"/v2/models/argument-echo/methods/echo_{method}";

    private static StringContent Json(string value) => new($$"""{"value":{{value}}}""");

    /// <summary>One gateway in front of the sandbox, for all tests.</summary>
    public sealed class Echo : IAsyncDisposable
    {
        private readonly GatewayHost _gateway = GatewayHost.Start();

        public Echo() => Client = _gateway.CreateClientWithKey();

        public HttpClient Client { get; }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _gateway.DisposeAsync();
        }
    }
}
