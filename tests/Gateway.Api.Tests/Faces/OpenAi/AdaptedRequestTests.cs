using Clarifai.Api;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Faces.OpenAi.Face;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>Requests as clients write them, for models that have no OpenAI transport.</summary>
public sealed class AdaptedRequestTests
{
    private const string Hello = """ "messages":[{"role":"user","content":"hi"}] """;

    [Theory]
    [InlineData(
        """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"get_weather","arguments":"{\"place\":\"Kiel\"}"}}]}""",
        """assistant: get_weather({"place":"Kiel"})""")]
    [InlineData(
        """{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"d","type":"function","function":{"name":"g","arguments":"{}"}}]}""",
        "assistant: f({}) g({})")]
    [InlineData("""{"role":"assistant","content":"Let me see.","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""", "assistant: Let me see. f({})")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"custom","custom":{"name":"f","input":"x"}}]}""", "assistant: ")]
    [InlineData("""{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}}""", "assistant: f({})")]
    [InlineData("""{"role":"assistant","content":[{"type":"refusal","refusal":"I will not."}]}""", "assistant: I will not.")]
    [InlineData("""{"role":"assistant","content":null,"refusal":"I will not."}""", "assistant: I will not.")]
    [InlineData("""{"role":"assistant","content":"Yes.","refusal":null,"tool_calls":null,"function_call":null}""", "assistant: Yes.")]
    public async Task Message_OfTheAssistant_IsReadAsItWasAnswered(string message, string line)
    {
        await using var upstream = await StartAsync([Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str))], (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        await AskAsync(client, Chat, $$"""{"model":"m","messages":[{"role":"user","content":"hi"},{{message}},{"role":"tool","tool_call_id":"c","content":"rain"}]}""");

        Assert.Equal($"user: hi\n{line}\ntool: rain", ArgumentOf(upstream, "prompt").StringValue);
    }

    [Theory]
    [InlineData("""{"role":"user","content":null}""", "messages[0]")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[]}""", "messages[0]")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":"f"}""", "messages[0]")]
    [InlineData("""{"role":"assistant","content":7,"tool_calls":[{"type":"function"}]}""", "messages[0].content")]
    public async Task Message_ThatSaysNothing_IsAnError(string message, string parameter)
    {
        await using var upstream = await StartAsync([Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str))], (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, $$"""{"model":"m","messages":[{{message}}]}""");

        Assert.Equal((400, parameter), ((int)answer.Http, (string?)ErrorOf(answer)["param"]));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task ImageUrl_MayBeAPlainText()
    {
        await using var upstream = await StartAsync(
            [Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str), ("image", DataType.Image))], (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        await AskAsync(client, Chat, """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":"https://example.com/a.png"}]}]}""");

        Assert.Equal("https://example.com/a.png", ArgumentOf(upstream, "image").Image.Url);
    }

    [Theory]
    [InlineData(""" "n":1.0 """)]
    [InlineData(""" "n":10e-1 """)]
    public async Task OneAnswer_HoweverItIsSpelled_IsGiven(string member)
    {
        await using var upstream = await StartAsync([Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str))], (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, Chat, $$"""{"model":"m",{{member}},{{Hello}}}""");

        Assert.Equal("x", (string)answer["choices"]![0]!["message"]!["content"]!);
    }

    [Theory]
    [InlineData("2.0", "length")]
    [InlineData("0.2e1", "length")]
    [InlineData("4e1", "stop")]
    public async Task Limit_HoweverItIsSpelled_EndsTheAnswer(string limit, string reason)
    {
        await using var upstream = await StartAsync([Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str))], (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, Chat, $$"""{"model":"m","max_tokens":{{limit}},{{Hello}}}""");

        Assert.Equal(reason, (string)answer["choices"]![0]!["finish_reason"]!);
    }

    [Fact]
    public async Task Integers_HoweverTheyAreSpelled_AreTheMethodsIntegers()
    {
        await using var upstream = await StartAsync(
            [Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str), ("max_tokens", DataType.Int), ("seed", DataType.Int))], (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        await AskAsync(client, Chat, $$"""{"model":"m","max_tokens":4.0,"seed":4e1,{{Hello}}}""");

        Assert.Equal((4, 40), (ArgumentOf(upstream, "max_tokens").IntValue, ArgumentOf(upstream, "seed").IntValue));
    }

    [Fact]
    public async Task Dimensions_HoweverTheyAreSpelled_AreWhatTheSandboxMakes()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, $"{Root}/embeddings", """{"model":"text-embedder","input":"the tide","dimensions":3.0}""");

        Assert.Equal(3, answer["data"]![0]!["embedding"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("/v2/ext/openai/v1//chat/completions")]
    [InlineData("/v2/ext/openai/v1///chat/completions")]
    [InlineData("/V2/ext/OpenAI/v1//chat/completions")]
    public async Task Path_WithADoubledSlash_IsUnderstood(string path)
    {
        await using var upstream = await StartAsync([Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str))], (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, path, $$"""{"model":"m",{{Hello}}}""");

        Assert.Equal("x", (string)answer["choices"]![0]!["message"]!["content"]!);
    }

    [Theory]
    [InlineData("//models/u/a/models/m")]
    [InlineData("//models/https%3A%2F%2Fclarifai.com%2Fu%2Fa%2Fmodels%2Fm")]
    [InlineData("/models/https://clarifai.com/u/a/models/m")]
    public async Task Path_WithADoubledSlash_KeepsTheModelsName(string path)
    {
        await using var upstream = await StartTransportAsync();
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", Root + path);

        Assert.Equal((200, Uri.UnescapeDataString(path[(path.IndexOf("/models/", StringComparison.Ordinal) + "/models/".Length)..])), ((int)answer.Http, (string?)answer.Body["id"]));
    }

    private static Data ArgumentOf(OpenAiUpstream upstream, string name) => upstream.Requests.Single().Inputs[0].Data.Parts.Single(part => part.Id == name).Data;
}
