using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Tests.Service;

public class OpenAiTests
{
    [Fact]
    public async Task Transport_Chat_AnswersACompletion()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var (answer, output) = await SendAsync(sandbox, "text-generator", """{"model":"m","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"The sea"}],"max_tokens":5}""");

        Assert.Equal("chat.completion", (string?)answer["object"]);
        Assert.Equal("m", (string?)answer["model"]);
        var choice = answer["choices"]![0]!;
        Assert.Equal("assistant", (string?)choice["message"]!["role"]);
        Assert.NotEmpty((string)choice["message"]!["content"]!);
        Assert.Equal("length", (string?)choice["finish_reason"]);
        Assert.Equal((4, 5, 9), ((int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["completion_tokens"]!, (int)answer["usage"]!["total_tokens"]!));
        Assert.Equal((4u, 5u), (output.PromptTokens, output.CompletionTokens));
    }

    [Fact]
    public async Task StreamTransport_Chat_ChunksAddUpToTheCompletion()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        const string Request = """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"The sea"}]}],"seed":4,"stream_options":{"include_usage":true}}""";

        var chunks = await StreamAsync(sandbox, Request);
        var (answer, _) = await SendAsync(sandbox, "text-generator", Request);

        Assert.Equal("assistant", (string?)chunks[0]["choices"]![0]!["delta"]!["role"]);
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", (string?)chunk["object"]));
        Assert.Single(chunks.Select(chunk => (string?)chunk["id"]).Distinct());
        Assert.Equal((string?)answer["choices"]![0]!["message"]!["content"], string.Concat(chunks.Where(HasChoice).Select(chunk => (string?)chunk["choices"]![0]!["delta"]!["content"])));
        Assert.Equal((string?)answer["choices"]![0]!["finish_reason"], (string?)chunks[^2]["choices"]![0]!["finish_reason"]);
        Assert.Empty(chunks[^1]["choices"]!.AsArray());
        Assert.Equal((int)answer["usage"]!["total_tokens"]!, (int)chunks[^1]["usage"]!["total_tokens"]!);
    }

    [Fact]
    public async Task StreamTransport_UsageNotAskedFor_IsNotSent()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var chunks = await StreamAsync(sandbox, """{"messages":[{"role":"user","content":"The sea"}]}""");

        Assert.All(chunks, chunk => Assert.Null(chunk["usage"]));
    }

    [Theory]
    [InlineData("not json", "msg is not a JSON object")]
    [InlineData("[]", "msg is not a JSON object")]
    [InlineData("{}", "messages: a list with at least one message was expected")]
    [InlineData("""{"openai_endpoint":"/responses"}""", "this model answers /chat/completions, not /responses")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content: text was expected")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "messages[0].content: text was expected")]
    [InlineData("""{"messages":[{"content":"a"}],"n":2}""", "n: only 1 is supported")]
    [InlineData("""{"messages":[{"content":"a"}],"temperature":3}""", "temperature: a number from 0 to 2 was expected")]
    [InlineData("""{"messages":[{"content":"a"}],"max_tokens":0}""", "max_tokens: at least 1 was expected")]
    [InlineData("""{"messages":[{"content":"a"}],"response_format":{"type":"json_object"}}""", "response_format: only text is supported")]
    [InlineData("""{"messages":[{"content":"a"}],"tool_choice":"required"}""", "tool_choice: this model calls no tools")]
    public async Task Transport_RequestItCannotAnswer_IsAnErrorObject(string request, string details)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var (answer, _) = await SendAsync(sandbox, "text-generator", request);
        var chunk = Assert.Single(await StreamAsync(sandbox, request));

        Assert.Equal((21313, details), ((int)answer["code"]!, (string)answer["details"]!));
        Assert.Equal(answer.ToJsonString(), chunk.ToJsonString());
    }

    [Fact]
    public async Task Transport_Embeddings_AreTheModelsVectorsInBothEncodings()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var expected = (await sandbox.PredictAsync(Requests.Of("text-embedder", Requests.Text("the tide")))).Outputs[0].Data.Embeddings[0].Vector;

        var (floats, _) = await SendAsync(sandbox, "text-embedder", """{"openai_endpoint":"/embeddings","input":["the tide","a boat"],"model":"e"}""");
        var (base64, _) = await SendAsync(sandbox, "text-embedder", """{"openai_endpoint":"/embeddings","input":"the tide","encoding_format":"base64"}""");

        Assert.Equal(["list", "e"], [(string)floats["object"]!, (string)floats["model"]!]);
        Assert.Equal([0, 1], floats["data"]!.AsArray().Select(item => (int)item!["index"]!));
        Assert.Equal(expected, floats["data"]![0]!["embedding"]!.AsArray().Select(value => (float)value!));
        Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(Convert.FromBase64String((string)base64["data"]![0]!["embedding"]!)).ToArray());
        Assert.Equal(4, (int)floats["usage"]!["total_tokens"]!);
    }

    [Theory]
    [InlineData("""{"openai_endpoint":"/embeddings"}""", "input: a text or a list of 1 to 2048 texts was expected")]
    [InlineData("""{"openai_endpoint":"/embeddings","input":[]}""", "input: a text or a list of 1 to 2048 texts was expected")]
    [InlineData("""{"openai_endpoint":"/embeddings","input":[1,2]}""", "input: a text or a list of 1 to 2048 texts was expected")]
    [InlineData("""{"openai_endpoint":"/embeddings","input":"a","dimensions":0}""", "dimensions: a number from 1 to 1024 was expected")]
    [InlineData("""{"input":"a"}""", "this model answers /embeddings, not /chat/completions")]
    public async Task Transport_EmbeddingsItCannotMake_IsAnErrorObject(string request, string details)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var (answer, _) = await SendAsync(sandbox, "text-embedder", request);

        Assert.Equal((21313, details), ((int)answer["code"]!, (string)answer["details"]!));
    }

    private static async Task<(JsonNode Answer, Clarifai.Api.Output Output)> SendAsync(SandboxClient sandbox, string model, string message)
    {
        var output = Assert.Single((await sandbox.PredictAsync(Requests.Of(model, Requests.Method("openai_transport", ("msg", Requests.Str(message)))))).Outputs);
        return (JsonNode.Parse(output.Data.Parts[0].Data.StringValue)!, output);
    }

    private static async Task<List<JsonNode>> StreamAsync(SandboxClient sandbox, string message)
    {
        var pieces = await sandbox.GenerateAllAsync(Requests.Of("text-generator", Requests.Method("openai_stream_transport", ("msg", Requests.Str(message)))));
        return pieces.ConvertAll(piece => JsonNode.Parse(piece.Outputs[0].Data.Parts[0].Data.StringValue)!);
    }

    private static bool HasChoice(JsonNode chunk) => chunk["choices"]!.AsArray().Count > 0;
}
