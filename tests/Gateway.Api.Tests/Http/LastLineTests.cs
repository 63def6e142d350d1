using System.Text;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Http;

/// <summary>The line feed behind JSON, for those who read it in a terminal.</summary>
public sealed class LastLineTests
{
    [Theory]
    [InlineData("GET", "/v2/models/text-generator", null)]
    [InlineData("GET", "/v2/nothing", null)]
    [InlineData("POST", "/v2/models/text-sentiment/outputs", """{"inputs":[{"data":{"text":{"raw":"Good."}}}]}""")]
    [InlineData("POST", "/v2/models/text-generator/methods/predict", """{"prompt":"The","max_tokens":2}""")]
    [InlineData("POST", "/v2/ext/openai/v1/embeddings", """{"model":"text-embedder","input":"a","dimensions":1}""")]
    public async Task Json_ForATerminal_EndsWithOne(string verb, string path, string? body)
    {
        await using var gateway = GatewayHost.Start();

        var plain = await AskAsync(gateway, verb, path, body, "test/1.0");
        var curl = await AskAsync(gateway, verb, path, body, "curl/8.5.0");

        Assert.False(plain.EndsWith('\n'));
        Assert.Matches(@"[^\s]\n$", curl);
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/json")]
    public async Task Stream_OfRecords_StaysAsItIs(string type)
    {
        await using var gateway = GatewayHost.Start();
        using var client = Client(gateway, "curl/8.5.0");
        client.DefaultRequestHeaders.Add("Accept", type);

        using var answer = await client.PostAsync("/v2/models/text-generator/outputs/generate", new StringContent("""{"inputs":[{"data":{"text":{"raw":"The"}}}]}"""));
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(text.TrimEnd('\n') + (type == "text/event-stream" ? "\n\n" : "\n"), text);
    }

    [Fact]
    public async Task Head_HasTheLengthThatGetHas()
    {
        await using var gateway = GatewayHost.Start();
        using var client = Client(gateway, "curl/8.5.0");
        using var head = new HttpRequestMessage(HttpMethod.Head, "/v2/nothing");

        using var got = await client.GetAsync("/v2/nothing");
        using var headed = await client.SendAsync(head);

        Assert.Equal(got.Content.Headers.ContentLength, headed.Content.Headers.ContentLength);
        Assert.Empty(await headed.Content.ReadAsByteArrayAsync());
    }

    private static HttpClient Client(GatewayHost gateway, string agent)
    {
        var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("User-Agent", agent);
        return client;
    }

    private static async Task<string> AskAsync(GatewayHost gateway, string verb, string path, string? body, string agent)
    {
        using var client = Client(gateway, agent);
        using var request = new HttpRequestMessage(new HttpMethod(verb), path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { { "Accept", "application/json, text/event-stream;q=0.1" } },
        };
        using var answer = await client.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(answer.Content.Headers.ContentLength ?? bytes.Length, bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }
}
