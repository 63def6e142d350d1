using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using static Gateway.Api.Tests.Faces.OpenAi.Face;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>Chat with models that have no OpenAI transport, and the older completions.</summary>
public sealed class AdaptedChatTests
{
    private const string Hello = """ "messages":[{"role":"user","content":"hi"}] """;

    [Theory]
    [InlineData(false, "predict")]
    [InlineData(true, "generate")]
    public async Task Method_IsTheBestForTheAnswersKind(bool stream, string method)
    {
        await using var upstream = await StartAsync(
            [
                Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str)),
                Signature("generate", RunnerMethodType.UnaryStreaming, ("prompt", DataType.Str)),
            ],
            (call, _) => WriteAsync(call, "hello"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var answer = await PostAsync(client, Chat, $$"""{"model":"m","stream":{{(stream ? "true" : "false")}},{{Hello}}}""");

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(method, upstream.Requests.Single().Inputs[0].Data.Metadata.Fields["_method_name"].StringValue);
    }

    [Fact]
    public async Task Answer_OfAMethodThatStreams_IsPutTogether()
    {
        await using var upstream = await StartAsync([Signature("generate", RunnerMethodType.UnaryStreaming, ("prompt", DataType.Str))], WritePiecesAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, Chat, $$"""{"model":"m","max_tokens":4,{{Hello}}}""");

        Assert.Equal(("chat.completion", "m"), ((string)answer["object"]!, (string)answer["model"]!));
        Assert.Equal(
            """{"index":0,"message":{"role":"assistant","content":"a \"b\"","refusal":null},"logprobs":null,"finish_reason":"length"}""",
            JsonNode.Parse(answer["choices"]![0]!.ToJsonString())!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal("""{"prompt_tokens":7,"completion_tokens":4,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":1}}""", answer["usage"]!.ToJsonString());
    }

    [Fact]
    public async Task Stream_IsAChunkForEachPiece_ThenTheReason_ThenTheUsage()
    {
        await using var upstream = await StartAsync([Signature("generate", RunnerMethodType.UnaryStreaming, ("prompt", DataType.Str))], WritePiecesAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var chunks = Chunks(await StreamAsync(client, Chat, $$"""{"model":"m","stream":true,"stream_options":{"include_usage":true},{{Hello}}}"""));

        Assert.All(chunks, chunk => Assert.Equal(("chat.completion.chunk", (string)chunks[0]["id"]!), ((string)chunk["object"]!, (string)chunk["id"]!)));
        Assert.Equal("assistant", (string)chunks[0]["choices"]![0]!["delta"]!["role"]!);
        Assert.Equal(["a ", "\"b\""], chunks[..2].Select(chunk => (string)chunk["choices"]![0]!["delta"]!["content"]!));
        Assert.Equal(("{}", "stop"), (chunks[2]["choices"]![0]!["delta"]!.ToJsonString(), (string)chunks[2]["choices"]![0]!["finish_reason"]!));
        Assert.Equal(("[]", 11), (chunks[3]["choices"]!.ToJsonString(), (int)chunks[3]["usage"]!["total_tokens"]!));
        Assert.Equal(4, chunks.Length);
    }

    [Fact]
    public async Task Stream_ThatFailsInTheMiddle_HasNeitherReasonNorDone()
    {
        await using var upstream = await StartAsync([Signature("generate", RunnerMethodType.UnaryStreaming, ("prompt", DataType.Str))], async (call, _) =>
        {
            await WriteAsync(call, "a");
            return new GrpcStatus(GrpcStatusCode.Internal, "gone");
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var events = await StreamAsync(client, Chat, $$"""{"model":"m","stream":true,{{Hello}}}""");

        Assert.Contains("event: error\ndata: {\"error\":{\"type\":\"server_error\",\"message\":\"gone\"", events, StringComparison.Ordinal);
        Assert.DoesNotContain("stop", events, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_AndSettings_GoToArgumentsOfTheirNames()
    {
        await using var upstream = await StartAsync(
            [Signature("chat", RunnerMethodType.UnaryUnary, ("messages", DataType.JsonData), ("temperature", DataType.Float), ("max_tokens", DataType.Int), ("top_p", DataType.Float))],
            (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        await AskAsync(client, Chat, $$"""{"model":"m","temperature":0.5,"top_p":0.9,"max_completion_tokens":3,"seed":7,{{Hello}}}""");

        Assert.Equal(
            """
            [ { "data": { "stringValue": "[{\"role\":\"user\",\"content\":\"hi\"}]", "structValue": { "_list": [ { "role": "user", "content": "hi" } ] } }, "id": "messages" }, { "data": { "floatValue": 0.5 }, "id": "temperature" }, { "data": { "floatValue": 0.9 }, "id": "top_p" }, { "data": { "intValue": "3" }, "id": "max_tokens" } ]
            """,
            upstream.Requests.Single().Inputs[0].Data.Parts.ToString());
    }

    [Fact]
    public async Task Prompt_IsALineForEachMessage_AndMediaHaveTheirArguments()
    {
        await using var upstream = await StartAsync(
            [Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str), ("image", DataType.Image), ("audio", DataType.Audio))],
            (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        await AskAsync(client, Chat, """
            {"model":"m","messages":[
              {"role":"system","content":"Be short."},
              {"role":"user","content":[
                {"type":"text","text":"What is it?"},
                {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
                {"type":"input_audio","input_audio":{"data":"AAEC","format":"wav"}}]}]}
            """);

        Assert.Equal(
            """
            [ { "data": { "stringValue": "system: Be short.\nuser: What is it?" }, "id": "prompt" }, { "data": { "image": { "url": "https://example.com/a.png" } }, "id": "image" }, { "data": { "audio": { "base64": "AAEC" } }, "id": "audio" } ]
            """,
            upstream.Requests.Single().Inputs[0].Data.Parts.ToString());
    }

    [Theory]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f"}}] """, "tools")]
    [InlineData(""" "n":2 """, "n")]
    [InlineData(""" "response_format":{"type":"json_object"} """, "response_format")]
    [InlineData(""" "temperature":"hot" """, "temperature")]
    [InlineData(""" "messages":[] """, "messages")]
    [InlineData(""" "messages":[{"role":"user"}] """, "messages[0]")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"file"}]}] """, "messages[0].content")]
    [InlineData(""" "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}] """, "messages")]
    public async Task Request_ThatNoMethodCanServe_IsAnError(string member, string parameter)
    {
        await using var upstream = await StartAsync(
            [Signature("predict", RunnerMethodType.UnaryUnary, ("prompt", DataType.Str), ("temperature", DataType.Float))], (call, _) => WriteAsync(call, "x"));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Chat, $$"""{"model":"m",{{member}}{{(member.Contains("messages", StringComparison.Ordinal) ? "" : "," + Hello)}}}""");

        Assert.Equal((400, parameter), ((int)answer.Http, (string?)ErrorOf(answer)["param"]));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Transport_ThatAnswersOnce_IsAStreamOfOneChunk()
    {
        await using var upstream = await StartAsync([Transport], (call, _) => WriteAsync(
            call, """{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"t"}]},"finish_reason":"tool_calls"}]}"""));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var events = await StreamAsync(client, Chat, """{"model":"m","stream":true}""");

        Assert.Equal(
            """{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"finish_reason":"tool_calls","delta":{"role":"assistant","tool_calls":[{"id":"t","index":0}]}}]}""",
            Chunks(events).Single().ToJsonString());
    }

    [Fact]
    public async Task Transport_ThatAnswersOnce_IsTheLastEventOfAResponse()
    {
        await using var upstream = await StartAsync([Transport], (call, _) => WriteAsync(call, """{"id":"r"}"""));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var events = await StreamAsync(client, $"{Root}/responses", """{"model":"m","stream":true}""");

        Assert.Equal("event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":0,\"response\":{\"id\":\"r\"}}\n\n:\n\n", events);
    }

    [Theory]
    [InlineData("\"hi\"")]
    [InlineData("[\"hi\"]")]
    public async Task Completions_AreAChatOfOneMessage(string prompt)
    {
        await using var upstream = await StartTransportAsync("""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"yes"},"finish_reason":"stop"}]}""");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, $"{Root}/completions", $$"""{"model":"m","prompt":{{prompt}},"max_tokens":3,"echo":false}""");

        Assert.Equal("""{"id":"c","object":"text_completion","choices":[{"index":0,"finish_reason":"stop","text":"yes","logprobs":null}]}""", answer.ToJsonString());
        Assert.Equal("""{"openai_endpoint":"/chat/completions","model":"m","max_tokens":3,"messages":[{"role":"user","content":"hi"}]}""", upstream.Messages.Single());
    }

    [Fact]
    public async Task Completions_Stream()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var chunks = Chunks(await StreamAsync(client, $"{Root}/completions", """{"model":"text-generator","prompt":"The lighthouse","max_tokens":3,"stream":true}"""));

        Assert.Equal("stands on the", string.Concat(chunks.Select(chunk => (string)chunk["choices"]![0]!["text"]!)));
        Assert.Equal("length", (string)chunks[^1]["choices"]![0]!["finish_reason"]!);
    }

    [Theory]
    [InlineData(""" "prompt":["a","b"] """, "prompt")]
    [InlineData(""" "prompt":[1,2] """, "prompt")]
    [InlineData(""" "prompt":"a","echo":true """, "echo")]
    [InlineData(""" "prompt":"a","suffix":"b" """, "suffix")]
    public async Task Completions_OfWhatChatHasNot_AreAnError(string members, string parameter)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", $"{Root}/completions", $$"""{"model":"text-generator",{{members}}}""");

        Assert.Equal((400, parameter), ((int)answer.Http, (string?)ErrorOf(answer)["param"]));
    }

    private static async Task WritePiecesAsync(GrpcServerCall call, PostModelOutputsRequest request)
    {
        await WriteAsync(call, "a ");
        await WriteAsync(call, "\"b\"");
    }

    private static JsonNode[] Chunks(string events)
    {
        Assert.EndsWith("data: [DONE]\n\n", events, StringComparison.Ordinal);
        return [.. events.Split("\n\n")[..^2].Select(chunk => JsonNode.Parse(chunk["data: ".Length..])!)];
    }
}
