using System.ClientModel;
using System.ClientModel.Primitives;
using Gateway.Api.Tests.Support;
using OpenAI;
using OpenAI.Chat;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>OpenAI's own client (NuGet package <c>OpenAI</c>) against the gateway on its sandbox.</summary>
public sealed class DotNetClientTests : IDisposable
{
    private const string Text = "stands on the harbour wall";

    private static readonly ChatCompletionOptions Short = new() { MaxOutputTokenCount = 5 };

    private readonly GatewayHost _gateway;
    private readonly OpenAIClient _client;

    public DotNetClientTests()
    {
        _gateway = GatewayHost.Start(settings: [("Gateway:OpenAi:Aliases:coast", "clarifai/main/models/text-generator")]);
        _client = ClientOf(_gateway);
    }

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Chat_GivesAnAnswer()
    {
        ChatCompletion answer = await _client.GetChatClient("coast").CompleteChatAsync([new UserChatMessage("The lighthouse")], Short);

        Assert.Equal((Text, ChatFinishReason.Length, 7), (answer.Content.Single().Text, answer.FinishReason, answer.Usage.TotalTokenCount));
    }

    [Fact]
    public async Task Chat_Streamed_GivesPiecesAndUsage()
    {
        var pieces = await _client.GetChatClient("coast").CompleteChatStreamingAsync([new UserChatMessage("The lighthouse")], Short).ToListAsync();

        Assert.Equal(Text, string.Concat(pieces.SelectMany(piece => piece.ContentUpdate).Select(part => part.Text)));
        Assert.Equal(7, pieces[^1].Usage.TotalTokenCount);
    }

    [Fact]
    public async Task Tools_AreCalled_AndAnswered()
    {
        var chat = _client.GetChatClient("coast");
        var schema = BinaryData.FromString("""{"type":"object","properties":{"place":{"type":"string"},"days":{"type":"integer"}}}""");
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 5, Tools = { ChatTool.CreateFunctionTool("get_weather", "The weather.", schema) } };
        List<ChatMessage> messages = [new UserChatMessage("get_weather for 3 days")];

        ChatCompletion asked = await chat.CompleteChatAsync(messages, options);
        var call = asked.ToolCalls.Single();
        ChatCompletion answered = await chat.CompleteChatAsync([.. messages, new AssistantChatMessage(asked), new ToolChatMessage(call.Id, "The lighthouse")], options);

        Assert.Equal((ChatFinishReason.ToolCalls, "get_weather"), (asked.FinishReason, call.FunctionName));
        Assert.Equal("""{"place":"get_weather for 3 days","days":3}""", call.FunctionArguments.ToString());
        Assert.StartsWith("The lighthouse stands", answered.Content.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolsOfOtherWords_AreCalled_AndAnsweredWithTheirResult()
    {
        var chat = _client.GetChatClient("coast");
        var schema = BinaryData.FromString("""{"type":"object","properties":{"place":{"type":"string"}},"required":["place"],"additionalProperties":false}""");
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("get_forecast", "Says how warm it will be.", schema, functionSchemaIsStrict: true) } };
        List<ChatMessage> messages = [new UserChatMessage("Will it be warm in Oslo?")];

        for (ChatCompletion answer; ;)
        {
            answer = await chat.CompleteChatAsync(messages, options);
            messages.Add(new AssistantChatMessage(answer));
            if (answer.FinishReason != ChatFinishReason.ToolCalls)
            {
                break;
            }

            Assert.InRange(messages.Count, 2, 2);
            messages.AddRange(answer.ToolCalls.Select(call => new ToolChatMessage(call.Id, $"mild: {call.FunctionArguments}")));
        }

        Assert.StartsWith("""mild: {"place":"Oslo"}""", messages[^1].Content.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StructuredOutput_IsOfItsSchema()
    {
        var schema = BinaryData.FromString("""{"type":"object","properties":{"houses":{"type":"integer","minimum":3,"maximum":3}},"required":["houses"],"additionalProperties":false}""");
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("island", schema, jsonSchemaIsStrict: true) };

        ChatCompletion answer = await _client.GetChatClient("coast").CompleteChatAsync([new UserChatMessage("The third island")], options);
        var pieces = await _client.GetChatClient("coast").CompleteChatStreamingAsync([new UserChatMessage("The third island")], options).ToListAsync();

        Assert.Equal(("""{"houses":3}""", ChatFinishReason.Stop), (answer.Content.Single().Text, answer.FinishReason));
        Assert.Equal("""{"houses":3}""", string.Concat(pieces.SelectMany(piece => piece.ContentUpdate).Select(part => part.Text)));
        Assert.True(pieces.Count(piece => piece.ContentUpdate.Count > 0) > 3);
    }

    [Fact]
    public async Task Embeddings_GiveVectors()
    {
        var embeddings = (await _client.GetEmbeddingClient("text-embedder").GenerateEmbeddingsAsync(["the tide", "a boat"])).Value;

        Assert.Equal([256, 256], embeddings.Select(embedding => embedding.ToFloats().Length));
    }

    [Fact]
    public async Task Models_AreListed_AndFound()
    {
        var models = _client.GetOpenAIModelClient();

        Assert.Equal(["coast", .. Face.Sandboxed], (await models.GetModelsAsync()).Value.Select(model => model.Id));
        Assert.Equal("clarifai", (await models.GetModelAsync("clarifai/main/models/text-generator")).Value.OwnedBy);
    }

    [Fact]
    public async Task Refusal_IsAnErrorOfTheClient()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => _client.GetChatClient("nothing").CompleteChatAsync([new UserChatMessage("hi")]));

        Assert.Equal(404, error.Status);
        Assert.Contains("invalid_request_error: model_not_found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_AmongChunks_EndsTheStreamWithoutAReason()
    {
        await using var upstream = await OpenAiUpstream.StartTransportAsync(
            """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}""",
            """{"code":21313,"description":"Model prediction failed","details":"out of memory"}""");
        await using var gateway = GatewayHost.Start(upstream.Address);

        var pieces = await ClientOf(gateway).GetChatClient("m").CompleteChatStreamingAsync([new UserChatMessage("hi")]).ToListAsync();

        Assert.Equal("a", string.Concat(pieces.SelectMany(piece => piece.ContentUpdate).Select(part => part.Text)));
        Assert.All(pieces, piece => Assert.Null(piece.FinishReason)); // this client passes over error events
    }

    private static OpenAIClient ClientOf(GatewayHost gateway) => new(
        new ApiKeyCredential("sandbox"),
        new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, Face.Root), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
}
