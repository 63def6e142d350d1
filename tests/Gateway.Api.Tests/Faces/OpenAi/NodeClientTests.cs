using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>OpenAI's own client (npm package <c>openai</c>) against the gateway on its sandbox.</summary>
public sealed class NodeClientTests : IDisposable
{
    private const string Text = "stands on the harbour wall";

    private readonly GatewayHost _gateway = GatewayHost.Start(settings: [("Gateway:OpenAi:Aliases:coast", "clarifai/main/models/text-generator")]);

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("text-generator")]
    [InlineData("coast")]
    [InlineData("https://clarifai.com/clarifai/main/models/text-generator")]
    public async Task Chat_GivesAnAnswer(string model)
    {
        var answer = await RunAsync("chat", model);

        Assert.Equal((Text, "length", 7), ((string)answer["choices"]![0]!["message"]!["content"]!, (string)answer["choices"]![0]!["finish_reason"]!, (int)answer["usage"]!["total_tokens"]!));
    }

    [Fact]
    public async Task Chat_Streamed_GivesChunksAndUsage()
    {
        var chunks = (await RunAsync("stream")).AsArray();

        Assert.Equal(Text, string.Concat(chunks.Select(chunk => (string?)chunk!["choices"]!.AsArray().FirstOrDefault()?["delta"]!["content"])));
        Assert.Equal(7, (int)chunks[^1]!["usage"]!["total_tokens"]!);
    }

    [Fact]
    public async Task Chat_StreamedAndGathered_IsTheAnswer() =>
        Assert.Equal(Text, (string)(await RunAsync("gathered"))["choices"]![0]!["message"]!["content"]!);

    [Fact]
    public async Task Tools_AreCalled_AndAnswered()
    {
        var outcome = await RunAsync("tools");

        const string call = """{"name":"get_weather","arguments":"{\"place\":\"get_weather for 3 days\",\"days\":3}"}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(call), outcome["whole"]), outcome.ToJsonString());
        Assert.Equal((string)outcome["whole"]!["arguments"]!, (string)outcome["streamed"]!["arguments"]!);
        Assert.NotEmpty((string)outcome["answer"]!);
    }

    [Fact]
    public async Task Completions_GiveText()
    {
        var answer = await RunAsync("completions");
        var chunks = (await RunAsync("completionStream")).AsArray();

        Assert.Equal(Text, (string)answer["choices"]![0]!["text"]!);
        Assert.Equal(Text, string.Concat(chunks.Select(chunk => (string)chunk!["choices"]![0]!["text"]!)));
    }

    [Fact]
    public async Task Embeddings_GiveVectors()
    {
        var answer = await RunAsync("embeddings", "text-embedder");

        Assert.Equal([256, 256], answer["data"]!.AsArray().Select(item => item!["embedding"]!.AsArray().Count));
    }

    [Fact]
    public async Task Image_IsAPng()
    {
        var answer = await RunAsync("image", "image-painter");

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], Convert.FromBase64String((string)answer["data"]![0]!["b64_json"]!)[..4]);
    }

    [Fact]
    public async Task Responses_GiveText()
    {
        var response = await RunAsync("response");
        var events = (await RunAsync("responseStream")).AsArray();

        Assert.Equal(Text, (string)response["output_text"]!);
        Assert.Equal(Text, string.Concat(events.Where(one => (string)one!["type"]! == "response.output_text.delta").Select(one => (string)one!["delta"]!)));
        Assert.Equal("response.incomplete", (string)events[^1]!["type"]!);
    }

    [Fact]
    public async Task Models_AreListed_AndFound()
    {
        Assert.Equal(["coast", .. Face.Sandboxed], (await RunAsync("models")).AsArray().Select(model => (string)model!["id"]!));
        Assert.Equal("clarifai", (string)(await RunAsync("model", "clarifai/main/models/text-generator"))["owned_by"]!);
    }

    [Theory]
    [InlineData("chat", "nothing", "NotFoundError", 404, "model_not_found")]
    [InlineData("stream", "nothing", "NotFoundError", 404, "model_not_found")]
    [InlineData("chat", "a/b", "BadRequestError", 400, "11102")]
    [InlineData("image", "text-generator", "BadRequestError", 400, "21313")]
    public async Task Refusal_IsAnErrorOfTheClient(string name, string model, string kind, int status, string code)
    {
        var error = await RunAsync(name, model);

        Assert.Equal((kind, status, code), ((string)error["kind"]!, (int)error["status"]!, (string)error["code"]!));
        Assert.NotEmpty((string)error["requestId"]!);
    }

    [Fact]
    public async Task Failure_AmongChunks_IsAnErrorOfTheClient()
    {
        await using var upstream = await OpenAiUpstream.StartTransportAsync("""{"id":"c","choices":[]}""", """{"code":21313,"description":"Model prediction failed","details":"out of memory"}""");
        await using var gateway = GatewayHost.Start(upstream.Address);

        var chat = await RunAsync(gateway, "stream", "m");
        var response = await RunAsync(gateway, "responseStream", "m");

        Assert.Equal(("APIError", "out of memory"), ((string)chat["kind"]!, (string)chat["message"]!));
        Assert.Equal(("APIError", "out of memory"), ((string)response["kind"]!, (string)response["message"]!));
    }

    private Task<JsonNode> RunAsync(params string[] arguments) => RunAsync(_gateway, arguments);

    private static async Task<JsonNode> RunAsync(GatewayHost gateway, params string[] arguments)
    {
        await using var program = await NodeProgram.StartAsync("openai-client.js", [gateway.Address.GetLeftPart(UriPartial.Authority), .. arguments]);
        return JsonNode.Parse(await program.ReadLineAsync())!;
    }
}
