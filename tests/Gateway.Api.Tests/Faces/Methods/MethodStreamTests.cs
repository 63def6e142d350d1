using System.Net;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Faces.Methods;

/// <summary>Methods that stream, against the sandbox.</summary>
public sealed class MethodStreamTests
{
    private const string Methods = "/v2/models/text-generator/methods";

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/json")]
    public async Task Stream_InEachFormat_IsPlainResultsAndAnEnd(string accept)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("Accept", accept);

        using var answer = await client.PostAsync($"{Methods}/generate", new StringContent("""{"prompt":"The lighthouse","max_tokens":3}"""));

        Assert.Equal(accept, answer.Content.Headers.ContentType?.MediaType);
        var records = await StreamTesting.RecordsAsync(answer);
        Assert.Equal(["stands", " on", " the"], records[..^1].Select(record => (string)record!));
        Assert.Equal("done", (string)records[^1]["event"]!);
        Assert.True((int)records[^1]["usage"]!["completion_tokens"]! >= 3, records[^1].ToJsonString());
    }

    [Fact]
    public async Task Stream_ThatFailsAtOnce_HasItsStatus()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", $"{Methods}/generate", """{"prompt":"x","max_tokens":-1}""");

        Assert.Equal(400, (int)answer.HasTheApisShape().Http);
    }

    [Fact]
    public async Task Stream_TakesNoBatch()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", $"{Methods}/generate", "[]");

        Assert.Equal((400, "generate streams its results: it takes one object of arguments, not a list."), ((int)answer.HasTheApisShape().Http, answer.Details));
    }

    [Fact]
    public async Task TwoWay_OverABody_LaterItemsNeedOnlyWhatStreams()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.PostAsync($"{Methods}/stream", new StringContent("""{"prompt":"The lighthouse","max_tokens":2} {"prompt":"A boat"}"""));

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        var records = await StreamTesting.RecordsAsync(answer);
        Assert.Equal(["stands", " on", "is", " late"], records[..^1].Select(record => (string)record!));
    }

    [Fact]
    public async Task TwoWay_WithAWrongArgument_EndsWithItsName()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", $"{Methods}/stream", """{"promt":"x"}""");

        Assert.Equal((400, "Message 1: promt: stream has no such argument; it has prompt, max_tokens, temperature, seed"), ((int)answer.Http, answer.Details));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task TwoWay_OverAWebSocket_AnswersEachItemAsItComes(string version)
    {
        await using var gateway = GatewayHost.Start();
        using var socket = await SocketClient.OpenAsync(gateway, version, $"{Methods}/stream");

        await socket.SendAsync("""{"prompt":"The lighthouse","max_tokens":2}""");
        var first = new[] { await socket.NextAsync(), await socket.NextAsync() };
        await socket.SendAsync("""{"prompt":"A boat"}""");
        var second = new[] { await socket.NextAsync(), await socket.NextAsync() };
        await socket.EndAsync();

        Assert.Equal(["stands", " on"], first.Select(record => (string)record!));
        Assert.Equal(["is", " late"], second.Select(record => (string)record!));
        Assert.Equal("done", (string)(await socket.NextAsync())!["event"]!);
    }

    [Fact]
    public async Task WebSocket_OnAMethodThatTakesOneMessage_IsRefused()
    {
        await using var gateway = GatewayHost.Start();

        Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.RefusalAsync(gateway, path: $"{Methods}/predict"));
    }
}
