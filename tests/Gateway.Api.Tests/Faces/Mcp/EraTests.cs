using System.Net;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Mcp;

/// <summary>Both eras of MCP on one address: the revisions that begin with a handshake, and the one that has each request say what the handshake said.</summary>
public sealed class EraTests
{
    private const string Path = "/users/u/apps/a/models/m";

    private static readonly MethodSignature Predict = Signature("predict", [Field("prompt", DataType.Str)], [Field("return", DataType.Str)]);
    private static readonly MethodSignature Transport = Signature("mcp_transport", [Field("msg", DataType.Str)], [Field("return", DataType.Str)]);

    [Theory]
    [InlineData("2026-07-28", null)]
    [InlineData("2099-01-01", null)]
    [InlineData("1999-01-01", null)]
    [InlineData("", null)]
    [InlineData("2026-07-28", "2026-07-28")]
    [InlineData("2099-01-01", "2099-01-01")]
    public async Task Handshake_OfARevisionThatIsNotKnown_GetsTheNewestThatHasOne(string revision, string? header)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, Handshake(revision), header is null ? [] : [("MCP-Protocol-Version", header)]);

        Assert.Equal((HttpStatusCode.OK, "2025-11-25"), (answer.Http, (string?)answer.Last["result"]?["protocolVersion"]));
        Assert.Equal(("m", 1), ((string?)answer.Last["result"]!["serverInfo"]!["name"], (int)answer.Last["id"]!));
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Handshake_OfARevisionThatIsKnown_GetsIt(string revision)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, Handshake(revision));

        Assert.Equal(revision, (string?)answer.Last["result"]!["protocolVersion"]);
    }

    [Theory]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":{"roots":7},"clientInfo":{"name":"c","version":"1","icons":7}}""")]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}""")]
    public async Task Handshake_WithMoreThanTheServerReads_IsAnswered(string parameters)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, McpPost.Request("initialize", parameters));

        Assert.Equal("2025-06-18", (string?)answer.Last["result"]?["protocolVersion"]);
    }

    [Theory]
    [InlineData("""{"capabilities":{},"clientInfo":{"name":"c","version":"1"}}""", "params.protocolVersion: it is missing")]
    [InlineData("""{"protocolVersion":"2025-06-18","clientInfo":{"name":"c","version":"1"}}""", "params.capabilities: it is missing")]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":{}}""", "params.clientInfo: it is missing")]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"version":"1"}}""", "params.clientInfo.name: it is missing")]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c"}}""", "params.clientInfo.version: it is missing")]
    [InlineData("""{"protocolVersion":5,"capabilities":{},"clientInfo":{"name":"c","version":"1"}}""", "params.protocolVersion: a text was expected, a number was given")]
    [InlineData("""{"protocolVersion":null,"capabilities":{},"clientInfo":{"name":"c","version":"1"}}""", "params.protocolVersion: a text was expected, null was given")]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":[],"clientInfo":{"name":"c","version":"1"}}""", "params.capabilities: an object was expected, a list was given")]
    [InlineData("[]", "params: an object was expected, a list was given")]
    [InlineData("{}", "params.protocolVersion: it is missing")]
    public async Task Handshake_WithoutAMember_IsRefused_NamingIt(string parameters, string message)
    {
        using var log = new LogRecorder();
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, builder => builder.ConfigureTestServices(services => services.AddRecorder(log)));
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, McpPost.Request("initialize", parameters));

        Assert.Equal((HttpStatusCode.BadRequest, "application/json", 1, -32602), (answer.Http, answer.MediaType, (int)answer.Last["id"]!, (int)answer.Last["error"]!["code"]!));
        Assert.Equal(message, (string?)answer.Last["error"]!["message"]);
        Assert.Empty(log.Entries);
    }

    [Theory]
    [InlineData("tools/call", """{"name":"predict","arguments":"hi"}""", "params.arguments: an object was expected, a text was given")]
    [InlineData("tools/call", """{"name":"predict","arguments":["hi"]}""", "params.arguments: an object was expected, a list was given")]
    [InlineData("tools/call", """{"name":5}""", "params.name: a text was expected, a number was given")]
    [InlineData("tools/call", """{"arguments":{}}""", "params.name: it is missing")]
    [InlineData("tools/call", """{"name":"predict","_meta":"x"}""", "params._meta: an object was expected, a text was given")]
    [InlineData("tools/call", """{"name":"predict","_meta":{"progressToken":{}}}""", "params._meta.progressToken: a text or a number was expected, an object was given")]
    [InlineData("tools/call", "\"predict\"", "params: an object was expected, a text was given")]
    [InlineData("tools/list", """{"cursor":5}""", "params.cursor: a text was expected, a number was given")]
    [InlineData("ping", """{"_meta":[]}""", "params._meta: an object was expected, a list was given")]
    public async Task Parameters_OfAWrongType_AreRefused_NamingTheMember(string method, string parameters, string message)
    {
        using var log = new LogRecorder();
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address, builder => builder.ConfigureTestServices(services => services.AddRecorder(log)));
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, McpPost.Request(method, parameters));

        Assert.Equal((HttpStatusCode.OK, 1, -32602, message), (answer.Http, (int)answer.Last["id"]!, (int?)answer.Last["error"]?["code"], (string?)answer.Last["error"]?["message"]));
        Assert.Null(upstream.Request);
        Assert.Empty(log.Entries);
    }

    [Theory]
    [InlineData("""{"name":"predict","arguments":{"prompt":"hi"},"_meta":null}""")]
    [InlineData("""{"name":"predict","arguments":{"prompt":"hi"},"_meta":{"progressToken":null}}""")]
    public async Task Parameters_ThatAreNull_AreNotGiven(string parameters)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, McpPost.Request("tools/call", parameters));

        Assert.Equal("""{"content":[{"type":"text","text":"hi"}]}""", answer.Last["result"]?.ToJsonString());
    }

    [Fact]
    public async Task Client_OfTheNewEraAlone_FindsAndCallsATool()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var discovered = await NewEra.PostAsync(client, Path, "server/discover");
        var listed = await NewEra.PostAsync(client, Path, "tools/list");
        var called = await NewEra.PostAsync(client, Path, "tools/call", "\"name\":\"predict\",\"arguments\":{\"prompt\":\"hi\"},", "predict");
        var unknown = await NewEra.PostAsync(client, Path, "tools/call", "\"name\":\"nope\",", "nope");

        Assert.All([discovered, listed, called, unknown], answer => Assert.Equal(HttpStatusCode.OK, answer.Http));
        Assert.Equal(["2026-07-28"], discovered.Last["result"]!["supportedVersions"]!.AsArray().Select(version => (string?)version));
        Assert.NotNull(discovered.Last["result"]!["capabilities"]!["tools"]);
        Assert.Equal("predict", (string?)Assert.Single(listed.Last["result"]!["tools"]!.AsArray())!["name"]);
        Assert.Equal("hi", (string?)called.Last["result"]!["content"]![0]!["text"]);
        Assert.All([discovered, listed, called], answer =>
        {
            Assert.Equal("complete", (string?)answer.Last["result"]!["resultType"]);
            Assert.Equal("m", (string?)answer.Last["result"]!["_meta"]!["io.modelcontextprotocol/serverInfo"]!["name"]);
        });
        Assert.Equal(-32602, (int)unknown.Last["error"]!["code"]!);
    }

    [Fact]
    public async Task Request_OfTheNewEra_InAnUnknownRevision_IsToldWhichThereAre()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, McpPost.Request("tools/list", NewEra.Parameters(version: "2099-01-01")), NewEra.Headers("tools/list", version: "2099-01-01"));

        Assert.Equal((HttpStatusCode.BadRequest, "application/json", -32022), (answer.Http, answer.MediaType, (int)answer.Last["error"]!["code"]!));
        Assert.Equal("""{"supported":["2026-07-28"],"requested":"2099-01-01"}""", answer.Last["error"]!["data"]!.ToJsonString());
    }

    [Theory]
    [InlineData("server/discover", "{}", "")]
    [InlineData("server/discover", "{}", "2026-07-28")]
    [InlineData("tools/list", "{}", "2026-07-28")]
    [InlineData("tools/list", """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}""", "2026-07-28")]
    [InlineData("tools/list", """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":"none"}}""", "2026-07-28")]
    [InlineData("tools/list", """{"_meta":{"io.modelcontextprotocol/protocolVersion":5,"io.modelcontextprotocol/clientCapabilities":{}}}""", "2026-07-28")]
    public async Task Request_OfTheNewEra_WithoutWhatAHandshakeSaid_IsRefused(string method, string parameters, string header)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, McpPost.Request(method, parameters), ("MCP-Protocol-Version", header), ("Mcp-Method", method));

        Assert.Equal((HttpStatusCode.BadRequest, -32602, 1), (answer.Http, (int)answer.Last["error"]!["code"]!, (int)answer.Last["id"]!));
        Assert.StartsWith("params._meta", (string?)answer.Last["error"]!["message"], StringComparison.Ordinal);
    }

    public static TheoryData<string, string> UnknownHeaders => new()
    {
        { "predict", "1999-01-01" }, { "predict", "2099-01-01" }, { "predict", "latest" }, { "mcp_transport", "1999-01-01" }, { "mcp_transport", "2099-01-01" },
    };

    [Theory, MemberData(nameof(UnknownHeaders))]
    public async Task Header_OfAnUnknownRevision_IsRefused_WhoeverSpeaksMcp(string method, string revision)
    {
        await using var upstream = await StartAsync(method == "predict" ? Predict : Transport);
        upstream.Run = _ => Returned(new Data { StringValue = "{}" });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var request = await McpPost.OfAsync(client, Path, McpPost.Request("ping"), ("MCP-Protocol-Version", revision));
        var notification = await McpPost.OfAsync(client, Path, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", ("MCP-Protocol-Version", revision));
        var batch = await McpPost.OfAsync(client, Path, $"[{McpPost.Request("ping")}]", ("MCP-Protocol-Version", revision));

        Assert.Equal((HttpStatusCode.BadRequest, "application/json", 1, -32600), (request.Http, request.MediaType, (int?)request.Last["id"], (int)request.Last["error"]!["code"]!));
        Assert.Contains("MCP-Protocol-Version", (string?)request.Last["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (notification.Http, batch.Http));
        Assert.Null(upstream.Request);
    }

    [Fact]
    public async Task Header_OfAKnownRevision_ReachesAModelThatSpeaksMcp()
    {
        await using var upstream = await StartAsync(Transport);
        upstream.Run = _ => Returned(new Data { StringValue = "{}" });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        foreach (var revision in new[] { "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28" })
        {
            Assert.Equal(HttpStatusCode.OK, (await McpPost.OfAsync(client, Path, McpPost.Request("ping"), ("MCP-Protocol-Version", revision))).Http);
        }
    }

    public static TheoryData<string, string> JsonReaders => new() { { "predict", "application/json" }, { "predict", "application/json;q=0.9, text/event-stream;q=0" }, { "mcp_transport", "application/json" } };

    [Theory, MemberData(nameof(JsonReaders))]
    public async Task Client_ThatReadsJsonAlone_GetsIt(string method, string accept)
    {
        await using var upstream = await StartAsync(method == "predict" ? Predict : Transport);
        if (method != "predict")
        {
            upstream.Run = _ => Returned(new Data { StringValue = """{"content":[{"type":"text","text":"hi"}]}""" });
        }

        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        const string Asked = """{"name":"predict","arguments":{"prompt":"hi"},"_meta":{"progressToken":"t"}}""";

        var call = await McpPost.OfAsync(client, Path, McpPost.Request("tools/call", Asked), ("Accept", accept));
        var notification = await McpPost.OfAsync(client, Path, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", ("Accept", accept));

        Assert.Equal((HttpStatusCode.OK, "application/json"), (call.Http, call.MediaType));
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"hi"}]}}""", call.Last.ToJsonString());
        Assert.Equal((HttpStatusCode.Accepted, 0), (notification.Http, notification.Messages.Length));
    }

    [Fact]
    public async Task Stream_ForAClientThatReadsJsonAlone_IsOneObject()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();
        const string Asked = """{"name":"generate","arguments":{"prompt":"The lighthouse","max_tokens":4},"_meta":{"progressToken":"t"}}""";

        var call = await McpPost.OfAsync(client, "/models/text-generator", McpPost.Request("tools/call", Asked), ("Accept", "application/json"));

        Assert.Equal(("application/json", "stands on the harbour"), (call.MediaType, (string?)Assert.Single(call.Messages)["result"]!["content"]![0]!["text"]));
    }

    [Fact]
    public async Task Batch_ForAClientThatReadsJsonAlone_IsAList()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(
            client, Path, """[{"jsonrpc":"2.0","id":1.50,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":1.50,"method":"nope"}]""", ("Accept", "application/json"));

        var answers = Assert.Single(answer.Messages).AsArray();
        Assert.Equal("""{"jsonrpc":"2.0","id":1.50,"result":{}}""", answers[0]!.ToJsonString());
        Assert.Equal(("1.50", -32601), (answers[1]!["id"]!.ToJsonString(), (int)answers[1]!["error"]!["code"]!));
    }

    [Theory, MemberData(nameof(BareResultTests.Ids), MemberType = typeof(BareResultTests))]
    public async Task Id_OfAnyKind_ComesBackAsItCame(string id)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await client.PostAsync(McpPost.Root + Path, new StringContent($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}"""));

        Assert.Contains($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Handshake(string revision) =>
        McpPost.Request("initialize", $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{},"clientInfo":{"name":"c","version":"1"}}""");
}
