using System.Net;
using System.Security.Cryptography;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Mcp;

/// <summary>What is refused on the MCP face, and how it says so.</summary>
public sealed class McpFaultTests
{
    private static readonly MethodSignature Predict = Signature("predict", [Field("prompt", DataType.Str)], [Field("return", DataType.Str)]);

    [Theory]
    [InlineData("{", -32700)]
    [InlineData("", -32700)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping" """, -32700)]
    [InlineData("""{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"ping"}""", -32700)]
    [InlineData("[[[[[[1]]]]]]", -32700)]
    [InlineData("{}", -32600)]
    [InlineData("1", -32600)]
    [InlineData("null", -32600)]
    [InlineData("[1]", -32600)]
    [InlineData("""[{"jsonrpc":"2.0","id":1}]""", -32600)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", -32600, "1")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":"a\u0041"}""", -32600, "\"a\\u0041\"")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"result":{}}""", -32600)]
    public async Task Body_ThatIsNoMessage_IsRefused(string body, int code, string id = "null")
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxJsonDepth", "5"));
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, "/models/m", body);

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Http, (int)answer.Last["error"]!["code"]!));
        Assert.Equal("2.0", (string?)answer.Last["jsonrpc"]);
        Assert.Equal(id, answer.IdText);
    }

    /// <summary>Whatever is wrong with the POST: the message that it brings can be read.</summary>
    [Theory]
    [InlineData(401, "/models/m", "Authorization", "Key wrong")]
    [InlineData(401, "/models/m")]
    [InlineData(403, "/models/forbidden")]
    [InlineData(400, "/models/m", "Host", "evil.example")]
    [InlineData(404, "/models/unknown")]
    [InlineData(400, "/models/m", "X-Request-Timeout", "soon")]
    [InlineData(400, "/models/text-generator", "MCP-Protocol-Version", "1999-01-01")]
    public async Task Post_ThatIsRefused_IsAnsweredUnderTheRequestsId(int status, string path, string header = "X-None", string value = "none")
    {
        const string id = """ "\u00e9é/1" """;
        await using var gateway = GatewayHost.Start(
            null,
            ("AllowedHosts", "127.0.0.1"),
            ("Gateway:Tenants:t:Pat", "p"),
            ("Gateway:Tenants:t:Models:0", "m"),
            ("Gateway:Tenants:t:Models:1", "unknown"),
            ("Gateway:Tenants:t:Models:2", "text-generator"),
            ("Gateway:Tenants:t:KeySha256", Convert.ToHexStringLower(SHA256.HashData("right"u8))));
        using var client = gateway.CreateClient();
        (string, string)[] headers = [(header, value), .. status == 401 ? [] : new[] { ("Authorization", "Key right") }];

        var answer = await McpPost.OfAsync(client, path, $$$"""{"method":"ping","params":{"id":2},"jsonrpc":"2.0","id":{{{id}}}}""", headers);

        Assert.Equal((status, id.Trim()), ((int)answer.Http, answer.IdText));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":ping}""")]
    [InlineData("")]
    public async Task Post_ThatIsRefused_WithoutOneRequest_IsAnsweredUnderNoId(string body)
    {
        await using var gateway = GatewayHost.Start(null, ("Gateway:Tenants:t:Pat", "p"), ("Gateway:Tenants:t:KeySha256", new string('0', 64)));
        using var client = gateway.CreateClient();

        var answer = await McpPost.OfAsync(client, "/models/m", body);

        Assert.Equal((HttpStatusCode.Unauthorized, "null"), (answer.Http, answer.IdText));
    }

    /// <summary>Of a long body, its beginning is read, and no more of it than anybody may send.</summary>
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":"#"}""", "7")]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call","params":"#","id":7}""", "null")]
    public async Task Body_ThatIsLongAndRefused_HasItsIdAtTheBeginning(string message, string id)
    {
        var body = message.Replace("#", new string('x', 300_000), StringComparison.Ordinal);
        await using var gateway = GatewayHost.Start(
            null, ("Gateway:Limits:MaxBodyBytes", "200000"), ("Gateway:Tenants:t:Pat", "p"), ("Gateway:Tenants:t:KeySha256", Convert.ToHexStringLower(SHA256.HashData("right"u8))));
        using var client = gateway.CreateClient();

        var unknown = await McpPost.OfAsync(client, "/models/m", body);
        var tooLarge = await McpPost.OfAsync(client, "/models/m", body, ("Authorization", "Key right"));
        var ofNoLength = await McpPost.OfAsync(client, "/models/m", body, ("Authorization", "Key right"), ("Transfer-Encoding", "chunked"));

        Assert.Equal((HttpStatusCode.Unauthorized, id), (unknown.Http, unknown.IdText));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, id), (tooLarge.Http, tooLarge.IdText));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, id), (ofNoLength.Http, ofNoLength.IdText));
    }

    [Fact]
    public async Task Body_OverTheLimit_IsRefused()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxBodyBytes", "64"));
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, "/models/m", McpPost.Call("predict", $$"""{"prompt":"{{new string('x', 100)}}"}"""));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Http);
        Assert.Equal((int)StatusCode.RpcMaxMessageSizeExceeded, (int)answer.Last["error"]!["data"]!["status"]!["code"]!);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Verb_ThatNeedsASession_IsNotAllowed(string verb)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(verb), McpPost.Root + "/models/tool-server"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("Key wrong")]
    [InlineData(null)]
    public async Task Key_ThatIsWrongOrMissing_Is401(string? authorization)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(
            upstream.Address, ("Gateway:Tenants:t:Pat", "p"), ("Gateway:Tenants:t:KeySha256", Convert.ToHexStringLower(SHA256.HashData("right"u8))));
        using var client = gateway.CreateClient();
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];

        var answer = await McpPost.OfAsync(client, "/models/m", McpPost.Request("ping"), headers);

        Assert.Equal((HttpStatusCode.Unauthorized, -32000), (answer.Http, (int)answer.Last["error"]!["code"]!));
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task Page_OfAnotherOrigin_MayNotUseTheTenantWithoutAKey()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Tenants:t:Keyless", "true"), ("Gateway:Tenants:t:Pat", "p"));
        using var client = gateway.CreateClient();

        var foreign = await McpPost.OfAsync(client, "/models/m", McpPost.Request("ping"), ("Origin", "https://evil.example"));
        var none = await McpPost.OfAsync(client, "/models/m", McpPost.Request("ping"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (foreign.Http, none.Http));
    }

    [Fact]
    public async Task Model_ThatTheTenantMayNotUse_IsRefused()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Tenants:t:Keyless", "true"), ("Gateway:Tenants:t:Pat", "p"), ("Gateway:Tenants:t:Models:0", "other"));
        using var client = gateway.CreateClient();

        var answer = await McpPost.OfAsync(client, "/models/m", McpPost.Call("predict"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Http);
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task Upstream_ThatIsDead_Is503()
    {
        var upstream = await StartAsync(Predict);
        await upstream.DisposeAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Upstream:Retry:MaxAttempts", "1"));
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, "/models/m", McpPost.Request("tools/list"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, -32000), (answer.Http, (int)answer.Last["error"]!["code"]!));
    }

    [Fact]
    public async Task Upstream_ThatDiesOnceItsMethodsAreKnown_FailsTheTool()
    {
        var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Upstream:Retry:MaxAttempts", "1"));
        using var client = gateway.CreateClientWithKey();
        var list = await McpPost.OfAsync(client, "/models/m", McpPost.Request("tools/list"));
        await upstream.DisposeAsync();

        var call = await McpPost.OfAsync(client, "/models/m", McpPost.Call("predict", """{"prompt":"hi"}"""));

        Assert.Single(list.Last["result"]!["tools"]!.AsArray());
        Assert.True((bool)call.Last["result"]!["isError"]!);
        Assert.StartsWith("Upstream unavailable", (string?)call.Last["result"]!["content"]![0]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_WithoutMethods_SaysSo()
    {
        await using var upstream = await StartAsync();
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, "/models/m", McpPost.Request("tools/list"));

        Assert.Equal((HttpStatusCode.BadRequest, "no methods here"), (answer.Http, (string?)answer.Last["error"]!["message"]));
    }

    [Theory]
    [InlineData("predict", RunnerMethodType.UnaryUnary)]
    [InlineData("predict", RunnerMethodType.UnaryStreaming)]
    [InlineData("predict", RunnerMethodType.StreamingStreaming)]
    [InlineData("mcp_transport", RunnerMethodType.UnaryUnary)]
    public async Task Client_ThatLeaves_CancelsTheCall(string method, RunnerMethodType kind)
    {
        var asked = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var upstream = await StartAsync(Signature(method, [Field("msg", DataType.Str)], [Field("return", DataType.Str)], kind));
        upstream.Before = async call =>
        {
            using var leaving = call.CancellationToken.Register(cancelled.SetResult);
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var leaving = new CancellationTokenSource();

        var post = client.PostAsync(McpPost.Root + "/models/m", new StringContent(McpPost.Call("predict", """{"msg":"hi"}""")), leaving.Token);
        await asked.Task.WaitAsync(StreamTesting.Limit);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
        await cancelled.Task.WaitAsync(StreamTesting.Limit);
    }

    [Fact]
    public async Task Tool_ThatTakesLong_HasHeartbeats()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var upstream = await StartAsync(Predict);
        upstream.Before = _ =>
        {
            asked.SetResult();
            return go.Task;
        };
        var clock = new ManualTimeProvider();
        await using var gateway = GatewayHost.Start(upstream.Address, clock, ("Gateway:Streams:HeartbeatGrace", "00:00:10"), ("Gateway:Streams:HeartbeatInterval", "00:00:05"));
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Post, McpPost.Root + "/models/m") { Content = new StringContent(McpPost.Call("predict", """{"prompt":"hi"}""")) };

        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await asked.Task.WaitAsync(StreamTesting.Limit);
        clock.Advance(TimeSpan.FromSeconds(10));
        using var response = await sending.WaitAsync(StreamTesting.Limit);
        using var body = new StreamReader(await response.Content.ReadAsStreamAsync());
        var first = await body.ReadLineAsync().WaitAsync(StreamTesting.Limit);
        go.SetResult();
        var rest = await body.ReadToEndAsync().WaitAsync(StreamTesting.Limit);

        Assert.Equal((":", "text/event-stream"), (first, response.Content.Headers.ContentType?.MediaType));
        Assert.False(rest.StartsWith('\n'), "the heartbeat ends with a blank line, which is an empty event to some clients");
        Assert.Contains("""{"content":[{"type":"text","text":"hi"}]}""", rest, StringComparison.Ordinal);
    }
}
