using System.Text.Json.Nodes;
using static Gateway.Sandbox.Tests.Service.OpenAiChat;

namespace Gateway.Sandbox.Tests.Service;

public class StructuredOutputTests
{
    private const string Format = """{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object","properties":{"words":{"type":"array","items":{"type":"string"},"minItems":2}},"required":["words"],"additionalProperties":false}}}""";

    [Theory]
    [InlineData("harbour")]
    [InlineData(" on")]
    [InlineData("he harbour w")] // over three tokens
    public async Task Stop_EndsTheTextBeforeIt(string stop)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        const string Whole = "stands on the harbour wall";
        var request = $$"""{"messages":[{"role":"user","content":"The lighthouse"}],"stop":["nowhere","{{stop}}"]}""";

        var answer = await SendAsync(sandbox, request);

        Assert.Equal((Whole[..Whole.IndexOf(stop, StringComparison.Ordinal)], "stop"), TextOf(answer));
        Assert.Equal(TextOf(answer), TextOf(await StreamAsync(sandbox, request)));
    }

    [Theory]
    [InlineData(Format, "words")]
    [InlineData("""{"type":"json_object"}""", "text")]
    public async Task Format_IsWhatTheAnswerIs_TokenByToken(string format, string member)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        string RequestOf(int seed) => $$"""{"messages":[{"role":"user","content":"The sea"}],"response_format":{{format}},"seed":{{seed}}}""";

        var answer = TextOf(await SendAsync(sandbox, RequestOf(1)));
        var chunks = await StreamAsync(sandbox, RequestOf(1));

        Assert.Equal((member, "stop"), (JsonNode.Parse(answer.Text!)!.AsObject().Single().Key, answer.Reason));
        Assert.Equal(answer, TextOf(chunks));
        Assert.True(chunks.Count > 8);
        Assert.NotEqual(answer.Text, TextOf(await SendAsync(sandbox, RequestOf(2))).Text);
    }

    [Fact]
    public async Task Format_OfMoreTokensThanTheMost_IsCut()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var (text, reason) = TextOf(await SendAsync(sandbox, $$"""{"messages":[{"role":"user","content":"a"}],"response_format":{{Format}},"max_tokens":4}"""));

        Assert.Equal(("""{"words""" + "\"", "length"), (text, reason));
    }

    [Theory]
    [InlineData("""{"type":"json_schema"}""", "response_format.json_schema.name", "text.format.name")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"a b","schema":{}}}""", "response_format.json_schema.name", "text.format.name")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"a"}}""", "response_format.json_schema.schema", "text.format.schema")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"colour"}}}""", "response_format.json_schema.schema", "text.format.schema")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"string","minLength":99999999}}}""", "response_format", "text.format")]
    [InlineData("""{"type":"json"}""", "response_format.type", "text.format.type")]
    [InlineData("5", "response_format.type", "text.format.type")]
    public async Task Format_ThatCannotBe_IsAnErrorThatNamesIt(string format, string inChat, string inResponses)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var node = JsonNode.Parse(format)!;
        var flat = node is JsonObject json && json["json_schema"] is JsonObject schema ? (JsonObject)schema.DeepClone() : node.DeepClone();
        if (flat is JsonObject members)
        {
            members["type"] = node["type"]!.DeepClone();
        }

        var chat = Assert.Single(await StreamAsync(sandbox, $$"""{"messages":[{"role":"user","content":"a"}],"response_format":{{format}}}"""));
        var response = await SendAsync(sandbox, $$"""{"openai_endpoint":"/responses","input":"a","text":{"format":{{flat.ToJsonString()}} } }""");

        Assert.Equal((inChat, inResponses), ((string?)chat["param"], (string?)response["param"]));
        Assert.StartsWith(inChat + ": ", (string?)chat["details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responses_FormatIsWhatTheTextIs()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        const string Request = """{"openai_endpoint":"/responses","input":"a","text":{"format":{"type":"json_schema","name":"n","schema":{"const":{"a":1}}}}}""";

        var answer = await SendAsync(sandbox, Request);
        var events = await StreamAsync(sandbox, Request);

        Assert.Equal(("completed", """{"a":1}"""), ((string?)answer["status"], (string?)answer["output"]![0]!["content"]![0]!["text"]));
        Assert.Equal("""{"a":1}""", string.Concat(events.Where(one => (string?)one["type"] == "response.output_text.delta").Select(one => (string?)one["delta"])));
    }
}
