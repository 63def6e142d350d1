using System.Net;
using System.Text;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.HomeAssistant;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Http;

/// <summary>A byte order mark in front of JSON, which PowerShell and Windows' editors write, means nothing on any face.</summary>
public sealed class ByteOrderMarkTests
{
    private const string Mark = "\uFEFF";

    [Theory]
    [InlineData("/v2/models/text-sentiment/outputs", """{"inputs":[{"data":{"text":{"raw":"good"}}}]}""", "\"positive\"")]
    [InlineData("/v2/models/argument-echo/methods/echo_str", """{"value":"good"}""", "\"good\"")]
    [InlineData("/v2/ext/openai/v1/chat/completions", """{"model":"text-generator","messages":[{"role":"user","content":"The lighthouse"}]}""", "\"assistant\"")]
    [InlineData("/v2/ext/mcp/v1/models/tool-server", """{"jsonrpc":"2.0","id":1,"method":"ping"}""", "\"id\":1")]
    public async Task Body_WithAMark_IsReadAsWithout(string path, string body, string part)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Mark + body, new UTF8Encoding(false), "application/json") };
        request.Headers.Add("Accept", "application/json, text/event-stream");

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PredictionOfHomeAssistant_WithAMark_IsReadAsWithout()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home);

        var answer = await Home.AskAsync(gateway, Mark + Home.Body);

        Assert.Equal((HttpStatusCode.OK, (int)StatusCode.Success), (answer.Http, answer.Code));
    }

    [Fact]
    public async Task StreamedMessages_EachWithAMark_AreRead()
    {
        await using var upstream = await RecordingUpstream.StartAsync(TwoWay.EchoAsync);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        var body = $"{Mark}{TwoWay.Json("one")}\n{Mark}{TwoWay.Json("two")}\n";

        using var answer = await client.PostAsync("/v2/models/outputs/stream", new StringContent(body, new UTF8Encoding(false), "application/x-ndjson"));
        var text = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.Contains("one", text, StringComparison.Ordinal);
        Assert.Contains("two", text, StringComparison.Ordinal);
    }
}
