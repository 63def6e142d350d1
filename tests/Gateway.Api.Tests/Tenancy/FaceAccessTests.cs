using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>The gateway's own faces, which make calls of their own for a client, for tenants of every kind. Behind them is the sandbox.</summary>
public sealed class FaceAccessTests
{
    private const string Tenant = "Gateway:Tenants:kitchen:";
    private const string Chat = "/v2/ext/openai/v1/chat/completions";
    private const string Mcp = "/v2/ext/mcp/v1/models/text-generator";
    private const string Prompt = """{"prompt":"The lighthouse","max_tokens":2}""";

    private static readonly string[] Predict = [Tenant + "Rpcs:0", "predict"];
    private static readonly string[] PredictOnce = [Tenant + "Rpcs:0", "PostModelOutputs"];
    private static readonly string[] Read = [Tenant + "Rpcs:0", "read"];
    private static readonly string[] Limited = [Tenant + "Models:0", "text-generator"];
    private static readonly string[] OtherLimited = [Tenant + "Models:0", "text-sentiment"];
    private static readonly string[] Confined = [Tenant + "Confined", "true"];

    public static TheoryData<string[], string, string, string?, HttpStatusCode> Requests()
    {
        var data = new TheoryData<string[], string, string, string?, HttpStatusCode>();
        foreach (var tenant in new[] { Predict, Limited, Confined })
        {
            data.Add(tenant, "GET", "/v2/models/text-generator/methods", null, HttpStatusCode.OK);
            data.Add(tenant, "POST", "/v2/models/text-generator/methods/predict", Prompt, HttpStatusCode.OK);
            data.Add(tenant, "POST", "/v2/models/text-generator/methods/generate", Prompt, HttpStatusCode.OK);
            data.Add(tenant, "POST", "/v2/models/text-generator/methods/stream", Prompt, HttpStatusCode.OK);
            data.Add(tenant, "POST", Chat, Ask("text-generator", stream: false), HttpStatusCode.OK);
            data.Add(tenant, "POST", Chat, Ask("text-generator", stream: true), HttpStatusCode.OK);
            data.Add(tenant, "POST", Mcp, Call("predict"), HttpStatusCode.OK);
        }

        foreach (var tenant in new[] { OtherLimited, Read })
        {
            data.Add(tenant, "GET", "/v2/models/text-generator/methods", null, HttpStatusCode.Forbidden);
            data.Add(tenant, "POST", "/v2/models/text-generator/methods/predict", Prompt, HttpStatusCode.Forbidden);
            data.Add(tenant, "POST", Chat, Ask("text-generator", stream: true), HttpStatusCode.Forbidden);
            data.Add(tenant, "POST", Mcp, Call("predict"), HttpStatusCode.Forbidden);
        }

        data.Add(PredictOnce, "POST", "/v2/models/text-generator/methods/predict", Prompt, HttpStatusCode.OK);
        data.Add(PredictOnce, "POST", "/v2/models/text-generator/methods/generate", Prompt, HttpStatusCode.Forbidden);
        data.Add(PredictOnce, "POST", "/v2/models/text-generator/methods/stream", Prompt, HttpStatusCode.Forbidden);
        data.Add(PredictOnce, "POST", Chat, Ask("text-generator", stream: true), HttpStatusCode.Forbidden);
        data.Add(Confined, "GET", "/v2/users/else/apps/where/models/text-generator/methods", null, HttpStatusCode.Forbidden);
        data.Add(Confined, "POST", Chat, Ask("else/where/models/text-generator", stream: false), HttpStatusCode.Forbidden);
        data.Add(Confined, "POST", "/v2/models/argument-echo/methods/echo_concept", """{"value":{"id":"c","name":"cat"}}""", HttpStatusCode.OK);
        data.Add(Confined, "POST", "/v2/models/argument-echo/methods/echo_concept", """{"value":{"id":"c","app_id":"where"}}""", HttpStatusCode.Forbidden);
        data.Add(Predict, "GET", "/v2/ext/openai/v1/models/text-generator", null, HttpStatusCode.Forbidden);
        data.Add([.. Predict, Tenant + "Rpcs:1", "read"], "GET", "/v2/ext/openai/v1/models/text-generator", null, HttpStatusCode.OK);
        return data;
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_OfATenant_IsServedOrRefused(string[] settings, string verb, string path, string? body, HttpStatusCode expected)
    {
        await using var gateway = Start(settings);
        using var client = gateway.CreateClient();
        using var request = Request(verb, path, body);

        using var response = await client.SendAsync(request);

        Assert.True(response.StatusCode == expected, await response.Content.ReadAsStringAsync());
    }

    /// <summary>What goes wrong with a tool is the tool's result.</summary>
    [Fact]
    public async Task Tool_OfAnRpcThatIsNotAllowed_SaysSo()
    {
        await using var gateway = Start(PredictOnce);
        using var client = gateway.CreateClient();
        using var request = Request("POST", Mcp, Call("generate"));

        using var response = await client.SendAsync(request);

        var answer = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"isError\":true", answer, StringComparison.Ordinal);
        Assert.Contains("may not call GenerateModelOutputs", answer, StringComparison.Ordinal);
    }

    private static GatewayHost Start(string[] settings) => GatewayHost.Start(settings: [
        (Tenant + "Pat", "p"), (Tenant + "Keyless", "true"), (Tenant + "UserId", "home"), (Tenant + "AppId", "kitchen"), .. settings.Chunk(2).Select(pair => (pair[0], (string?)pair[1])),
    ]);

    private static HttpRequestMessage Request(string verb, string path, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(verb), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return request;
    }

    private static string Ask(string model, bool stream) =>
        $$"""{"model":"{{model}}","max_tokens":2,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"The lighthouse"}]}""";

    private static string Call(string tool) =>
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"TOOL","arguments":{"prompt":"The lighthouse","max_tokens":2}}}"""
            .Replace("TOOL", tool, StringComparison.Ordinal);
}
