using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Faces.OpenAi.Face;
using static Gateway.Api.Tests.Faces.OpenAi.OpenAiUpstream;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>What becomes of the older completions on their way to a chat and back.</summary>
public sealed class CompletionTests
{
    private const string Path = $"{Root}/completions";

    private static readonly string[] HalvesOfAPair =
    [
        """{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"\ud83d"},"finish_reason":null}]}""",
        """{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"\ude00"},"finish_reason":"stop"}]}""",
    ];

    [Theory]
    [InlineData(""" "best_of":1 """)]
    [InlineData(""" "best_of":1.0 """)]
    [InlineData(""" "suffix":"" """)]
    [InlineData(""" "suffix":null """)]
    [InlineData(""" "logprobs":0 """)]
    [InlineData(""" "logprobs":false """)]
    [InlineData(""" "echo":false """)]
    [InlineData(""" "messages":null """)]
    public async Task Member_ThatAsksForNothing_Passes(string member)
    {
        await using var upstream = await StartTransportAsync("""{"id":"c","choices":[]}""");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        await AskAsync(client, Path, $$"""{"model":"m","prompt":"hi",{{member}}}""");

        Assert.Equal("""{"openai_endpoint":"/chat/completions","model":"m","messages":[{"role":"user","content":"hi"}]}""", upstream.Messages.Single());
    }

    [Theory]
    [InlineData(""" "best_of":2 """, "best_of")]
    [InlineData(""" "best_of":0 """, "best_of")]
    [InlineData(""" "best_of":"1" """, "best_of")]
    [InlineData(""" "suffix":" " """, "suffix")]
    [InlineData(""" "logprobs":1 """, "logprobs")]
    [InlineData(""" "logprobs":true """, "logprobs")]
    [InlineData(""" "echo":true """, "echo")]
    [InlineData(""" "echo":0 """, "echo")]
    [InlineData(""" "messages":[{"role":"user","content":"a"}] """, "messages")]
    public async Task Member_ThatAsksForWhatChatHasNot_IsAnError(string member, string parameter)
    {
        await using var upstream = await StartTransportAsync("{}");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", Path, $$"""{"model":"m","prompt":"hi",{{member}}}""");

        Assert.Equal((400, parameter), ((int)answer.Http, (string?)ErrorOf(answer)["param"]));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Chunk_ThatEndsInHalfASurrogatePair_IsPassedOn()
    {
        await using var upstream = await StartTransportAsync(HalvesOfAPair);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var chat = await StreamAsync(client, Chat, """{"model":"m","stream":true}""");
        var completion = await StreamAsync(client, Path, """{"model":"m","prompt":"hi","stream":true}""");

        Assert.Equal($"data: {HalvesOfAPair[0]}\n\ndata: {HalvesOfAPair[1]}\n\ndata: [DONE]\n\n", chat);
        Assert.Equal(
            """data: {"id":"c","object":"text_completion","choices":[{"index":0,"finish_reason":null,"text":"\ud83d","logprobs":null}]}""" + "\n\n"
            + """data: {"id":"c","object":"text_completion","choices":[{"index":0,"finish_reason":"stop","text":"\ude00","logprobs":null}]}""" + "\n\ndata: [DONE]\n\n",
            completion);
    }

    [Fact]
    public async Task Answer_WithHalfASurrogatePair_IsPassedOn_WhateverBecomesOfIt()
    {
        await using var upstream = await StartAsync([Transport], (call, _) => WriteAsync(
            call, """{"id":"c","choices":[{"index":0,"message":{"content":"\ud83d","tool_calls":[{"id":"t","function":{"arguments":"\ud83d"}}]}}],"output":"\ud83d"}"""));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var whole = await (await PostAsync(client, Path, """{"model":"m","prompt":"hi"}""")).Content.ReadAsStringAsync();
        var chunk = await StreamAsync(client, Chat, """{"model":"m","stream":true}""");
        var response = await StreamAsync(client, $"{Root}/responses", """{"model":"m","stream":true}""");

        Assert.Equal("""{"id":"c","choices":[{"index":0,"text":"\ud83d","logprobs":null}],"output":"\ud83d","object":"text_completion"}""", whole);
        Assert.Equal(
            """data: {"id":"c","choices":[{"index":0,"delta":{"content":"\ud83d","tool_calls":[{"id":"t","function":{"arguments":"\ud83d"},"index":0}]}}],"output":"\ud83d","object":"chat.completion.chunk"}""" + "\n\ndata: [DONE]\n\n",
            chunk);
        Assert.Contains("""{"type":"response.completed","sequence_number":0,"response":{"id":"c","choices":[{"index":0,"message":{"content":"\ud83d",""", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunk_OfSeveralLines_IsOneRecord()
    {
        await using var upstream = await StartTransportAsync("{\r\n  \"id\": \"c\",\n  \"usage\": {\n    \"total_tokens\": 3\n  },\n  \"choices\": []\r\n}");
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var events = await StreamAsync(client, Path, """{"model":"m","prompt":"hi","stream":true}""");

        var lines = events.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("""{"id":"c","usage":{"total_tokens":3},"choices":[],"object":"text_completion"}""", JsonNode.Parse(lines[0]["data: ".Length..])!.ToJsonString());
        Assert.Equal("data: [DONE]", lines[1]);
    }
}
