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
    [InlineData("""{"openai_endpoint":"/embeddings"}""", "this model answers /chat/completions or /responses, not /embeddings")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content: text was expected")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "messages[0].content: text was expected")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"n":2}""", "n: only 1 is supported")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"temperature":3}""", "temperature: a number from 0 to 2 was expected")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"max_tokens":0}""", "max_tokens: a whole number of at least 1 was expected")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"response_format":{"type":"xml"}}""", "response_format.type: text, json_object or json_schema was expected")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"stop":["a","b","c","d","e"]}""", "stop: a text, or a list of up to 4, each of 1 to 256 characters, was expected")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"stop":""}""", "stop: a text, or a list of up to 4, each of 1 to 256 characters, was expected")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"tool_choice":"required"}""", "tool_choice: required was asked for, but there are no tools")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"tool_choice":{"type":"function","function":{"name":"f"}}}""", "tool_choice: the tool is not in tools")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"tools":[{"type":"web_search"}]}""", "tools[0].type: function was expected")]
    public async Task Transport_RequestItCannotAnswer_IsAnErrorObject(string request, string details)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var (answer, _) = await SendAsync(sandbox, "text-generator", request);
        var chunk = Assert.Single(await StreamAsync(sandbox, request));

        Assert.Equal((21313, details), ((int)answer["code"]!, (string)answer["details"]!));
        Assert.Equal(answer.ToJsonString(), chunk.ToJsonString());
    }

    [Theory]
    [InlineData("auto", "what is the weather_now for 3 days?", true)]
    [InlineData("auto", "The sea", false)]
    [InlineData("required", "for 3 days", true)]
    [InlineData("none", "weather_now", false)]
    public async Task Transport_ToolIsAskedFor_IsCalledWithArgumentsOfItsSchema(string choice, string prompt, bool isCalled)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        const string Tools = """[{"type":"function","function":{"name":"weather_now","parameters":{"type":"object","properties":{"place":{"type":"string"},"days":{"type":"integer"},"unit":{"enum":["C","F"]},"hours":{"type":"array","items":{"type":"boolean"}}}}}}]""";
        var request = $$"""{"model":"m","messages":[{"role":"user","content":"{{prompt}}"}],"tool_choice":"{{choice}}","tools":{{Tools}}}""";

        var (answer, _) = await SendAsync(sandbox, "text-generator", request);
        var deltas = (await StreamAsync(sandbox, request)).ConvertAll(chunk => chunk["choices"]![0]!["delta"]!["tool_calls"]?[0]!["function"]!);

        var call = answer["choices"]![0]!["message"]!["tool_calls"]?[0]!;
        Assert.Equal((isCalled, isCalled), (call is not null, (string)answer["choices"]![0]!["finish_reason"]! == "tool_calls"));
        Assert.Equal(isCalled ? "weather_now" : null, (string?)call?["function"]!["name"]);
        var arguments = isCalled ? $$"""{"place":"{{prompt}}","days":{{(prompt.Contains('3') ? 3 : 0)}},"unit":"C","hours":[true]}""" : null;
        Assert.Equal(arguments, (string?)call?["function"]!["arguments"]);
        Assert.Equal(arguments ?? "", string.Concat(deltas.Select(delta => (string?)delta?["arguments"])));
    }

    [Fact]
    public async Task Transport_AfterAToolsMessage_AnswersText()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var (answer, _) = await SendAsync(sandbox, "text-generator", """
            {"messages":[{"role":"user","content":"f"},{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]},{"role":"tool","tool_call_id":"1","content":"The sea"}],
             "tool_choice":"required","tools":[{"type":"function","function":{"name":"f"}}]}
            """);

        Assert.NotEmpty((string)answer["choices"]![0]!["message"]!["content"]!);
    }

    [Fact]
    public async Task Transport_Responses_EventsAddUpToTheResponse()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        const string Request = """{"openai_endpoint":"/responses","model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"The sea"}]}],"max_output_tokens":5}""";

        var (answer, output) = await SendAsync(sandbox, "text-generator", Request);
        var events = await StreamAsync(sandbox, Request);

        var text = (string)answer["output"]![0]!["content"]![0]!["text"]!;
        Assert.Equal(("response", "incomplete", 2u, 5u), ((string)answer["object"]!, (string)answer["status"]!, output.PromptTokens, output.CompletionTokens));
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(one => (int)one["sequence_number"]!));
        Assert.Equal(("response.created", "response.incomplete"), ((string)events[0]["type"]!, (string)events[^1]["type"]!));
        Assert.Equal(text, string.Concat(events.Where(one => (string)one["type"]! == "response.output_text.delta").Select(one => (string)one["delta"]!)));
        Assert.Equal(text, (string)events[^1]["response"]!["output"]![0]!["content"]![0]!["text"]!);
    }

    [Fact]
    public async Task Transport_Image_ShowsTheColorsOfThePrompt()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var (answer, _) = await SendAsync(sandbox, "image-painter", """{"openai_endpoint":"/images/generations","prompt":"a red boat on the blue sea"}""");
        var image = Convert.FromBase64String((string)answer["data"]![0]!["b64_json"]!);
        var concepts = (await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageBytes(image)))).Outputs[0].Data.Concepts;

        Assert.Equal([0.5f, 0.5f], concepts.Where(concept => concept.Name is "red" or "blue").Select(concept => concept.Value));
    }

    [Theory]
    [InlineData("""{"openai_endpoint":"/images/generations"}""", "prompt: text was expected")]
    [InlineData("""{"openai_endpoint":"/images/generations","prompt":"a","n":2}""", "n: only 1 is supported")]
    [InlineData("""{"openai_endpoint":"/images/generations","prompt":"a","response_format":5}""", "response_format: only b64_json is supported")]
    [InlineData("""{"openai_endpoint":"/images/generations","prompt":"a","response_format":"url"}""", "response_format: only b64_json is supported")]
    public async Task Transport_ImageItCannotMake_IsAnErrorObject(string request, string details)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var (answer, _) = await SendAsync(sandbox, "image-painter", request);

        Assert.Equal((details, details.Split(':')[0]), ((string)answer["details"]!, (string?)answer["param"]));
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
    [InlineData("""{"openai_endpoint":"/embeddings"}""", "input: a text, or a list of 1 to 2048 texts, was expected, none of them empty")]
    [InlineData("""{"openai_endpoint":"/embeddings","input":[]}""", "input: a text, or a list of 1 to 2048 texts, was expected, none of them empty")]
    [InlineData("""{"openai_endpoint":"/embeddings","input":[1,2]}""", "input: a text, or a list of 1 to 2048 texts, was expected, none of them empty")]
    [InlineData("""{"openai_endpoint":"/embeddings","input":""}""", "input: a text, or a list of 1 to 2048 texts, was expected, none of them empty")]
    [InlineData("""{"openai_endpoint":"/embeddings","input":["a",""]}""", "input: a text, or a list of 1 to 2048 texts, was expected, none of them empty")]
    [InlineData("""{"openai_endpoint":"/embeddings","input":"a","encoding_format":"int8"}""", "encoding_format: float or base64 was expected")]
    [InlineData("""{"openai_endpoint":"/embeddings","input":"a","encoding_format":5}""", "encoding_format: float or base64 was expected")]
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
