using System.Net;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Google.Protobuf;
using static Gateway.Api.Tests.Faces.Mcp.McpPost;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Mcp;

/// <summary>A model's methods as tools: what goes upstream, and what comes of the answer.</summary>
public sealed class ToolServerTests
{
    private const string Path = "/users/u/apps/a/models/m/versions/v1";

    private static readonly ModelTypeField[] Prompt = [Field("prompt", DataType.Str), Field("count", DataType.Int, required: false)];
    private static readonly MethodSignature Predict = Signature("predict", Prompt, [Field("return", DataType.Str)]);

    [Fact]
    public async Task Call_GoesUpstream_AsACallOfTheMethod()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(client, Path + "?deployment_id=d", Call("predict", """{"prompt":"hi","count":3}"""));

        Assert.Equal("""{"content":[{"type":"text","text":"hi"}]}""", answer.Last["result"]!.ToJsonString());
        Assert.Equal(
            """
            { "userAppId": { "userId": "u", "appId": "a" }, "modelId": "m", "versionId": "v1", "inputs": [ { "data": { "metadata": { "_method_name": "predict" }, "parts": [ { "data": { "stringValue": "hi" }, "id": "prompt" }, { "data": { "intValue": "3" }, "id": "count" } ] } } ], "runnerSelector": { "deployment": { "id": "d" } } }
            """,
            upstream.Request!.ToString());
    }

    [Fact]
    public async Task List_HasWhatCanBeCalled_WithItsSchemas()
    {
        await using var upstream = await StartAsync(
            Signature("person", Prompt, [Field("name", DataType.Str), Field("age", DataType.Int)]),
            Signature("picture", [], [Field("return", DataType.Image)]),
            Signature("collect", [], [], RunnerMethodType.StreamingUnary),
            Signature("openai_transport", [Field("msg", DataType.Str)], [Field("return", DataType.Str)]));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(client, Path, Request("tools/list"));

        var tools = answer.Last["result"]!["tools"]!.AsArray();
        Assert.Equal(["person", "picture"], tools.Select(tool => (string)tool!["name"]!));
        Assert.Equal("person(prompt: str, count: int = None) -> {name: str, age: int}", (string?)tools[0]!["title"]);
        Assert.Equal(["prompt"], tools[0]!["inputSchema"]!["required"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(["name", "age"], tools[0]!["outputSchema"]!["properties"]!.AsObject().Select(member => member.Key));
        Assert.Null(tools[1]!["outputSchema"]);
    }

    public static TheoryData<DataType, string, string> Results => new()
    {
        { DataType.Int, """{ "intValue": "7" }""", """{"content":[{"type":"text","text":"7"}]}""" },
        { DataType.Text, """{ "text": { "raw": "hi" } }""", """{"content":[{"type":"text","text":"hi"}]}""" },
        { DataType.JsonData, """{ "structValue": { "a": 1 } }""", """{"content":[{"type":"text","text":"{\u0022a\u0022:1}"}],"structuredContent":{"a":1}}""" },
        { DataType.JsonData, """{ "structValue": { "_list": [ 1 ] } }""", """{"content":[{"type":"text","text":"[1]"}]}""" },
        { DataType.Concept, """{ "concepts": [ { "id": "c", "value": 0.5 } ] }""", """{"content":[{"type":"text","text":"{\u0022id\u0022:\u0022c\u0022,\u0022value\u0022:0.5}"}],"structuredContent":{"id":"c","value":0.5}}""" },
        { DataType.Image, """{ "image": { "base64": "/9j/4AAQSkZJRgAB" } }""", """{"content":[{"type":"image","data":"/9j/4AAQSkZJRgAB","mimeType":"image/jpeg"}]}""" },
        { DataType.Image, """{ "image": { "url": "https://example.com/a.png" } }""", """{"content":[{"type":"resource_link","uri":"https://example.com/a.png","name":"return"}]}""" },
        { DataType.Audio, """{ "audio": { "base64": "UklGRgAAAABXQVZF" } }""", """{"content":[{"type":"audio","data":"UklGRgAAAABXQVZF","mimeType":"audio/wav"}]}""" },
        { DataType.Video, """{ "video": { "base64": "AAAAIGZ0eXBpc29t" } }""", """{"content":[{"type":"resource","resource":{"uri":"result:return","mimeType":"video/mp4","blob":"AAAAIGZ0eXBpc29t"}}]}""" },
        { DataType.Audio, """{ "audio": { "base64": "AAAA" } }""", """{"content":[{"type":"audio","data":"AAAA","mimeType":"application/octet-stream"}]}""" },
    };

    [Theory, MemberData(nameof(Results))]
    public async Task Result_OfEachType_IsContentOfItsOwn(DataType type, string data, string result)
    {
        await using var upstream = await StartAsync(Signature("predict", [], [Field("return", type)]));
        upstream.Run = _ => Returned(JsonParser.Default.Parse<Data>(data));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(client, Path, Call("predict"));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(result), answer.Last["result"]), answer.Last.ToJsonString());
    }

    [Fact]
    public async Task Results_OfSeveralNames_AreAnObjectAndTheirMedia()
    {
        await using var upstream = await StartAsync(Signature("predict", [], [Field("label", DataType.Str), Field("crops", DataType.List)]));
        upstream.Version!.MethodSignatures[0].OutputFields[1].TypeArgs.Add(Field("", DataType.Image));
        upstream.Run = _ => Output(JsonParser.Default.Parse<Data>(
            """
            { "stringValue": "cat", "parts": [ { "id": "crops", "data": { "parts": [ { "data": { "image": { "base64": "/9j/4AAQSkZJRgAB" } } }, { "data": { "image": { "url": "https://example.com/a.png" } } } ] } } ] }
            """));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(client, Path, Call("predict"));

        var content = answer.Last["result"]!["content"]!.AsArray();
        Assert.Equal(["text", "image", "resource_link"], content.Select(block => (string)block!["type"]!));
        Assert.Equal("""{"label":"cat"}""", (string?)content[0]!["text"]);
        Assert.Null(answer.Last["result"]!["structuredContent"]);
    }

    [Theory]
    [InlineData(RunnerMethodType.UnaryStreaming, "GenerateModelOutputs")]
    [InlineData(RunnerMethodType.StreamingStreaming, "StreamModelOutputs")]
    public async Task Stream_IsOneResult_WithProgressForWhoAskedForIt(RunnerMethodType kind, string rpc)
    {
        await using var upstream = await StartAsync(Signature("generate", Prompt, [Field("return", DataType.Str)], kind));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var asked = await OfAsync(client, Path, Request("tools/call", """{"name":"generate","arguments":{"prompt":"hi"},"_meta":{"progressToken":"t"}}"""));
        var silent = await OfAsync(client, Path, Call("generate", """{"prompt":"hi"}"""));

        Assert.Equal(
            """{"progressToken":"t","progress":1,"message":"hi"}""",
            Assert.Single(asked.Messages, message => (string?)message["method"] == "notifications/progress")["params"]!.ToJsonString());
        Assert.Equal("""{"content":[{"type":"text","text":"hi"}]}""", asked.Last["result"]!.ToJsonString());
        Assert.Equal(asked.Last.ToJsonString(), Assert.Single(silent.Messages).ToJsonString());
        Assert.Equal(2, upstream.Rpcs.Count(called => called == rpc));
    }

    [Theory]
    [InlineData("{}", "prompt: str is missing")]
    [InlineData("""{"prompt":1}""", "prompt: str was expected, a number was given")]
    [InlineData("""{"prompt":"a","size":1}""", "size: predict has no such argument; it has prompt, count")]
    public async Task Arguments_ThatDoNotFit_AreAResultThatSaysSo(string arguments, string details)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(client, Path, Call("predict", arguments));

        Assert.True((bool)answer.Last["result"]!["isError"]!);
        Assert.StartsWith($"Invalid argument: {details} (code", (string?)answer.Last["result"]!["content"]![0]!["text"], StringComparison.Ordinal);
        Assert.Null(upstream.Request);
    }

    [Theory]
    [InlineData(RunnerMethodType.UnaryUnary)]
    [InlineData(RunnerMethodType.UnaryStreaming)]
    [InlineData(RunnerMethodType.StreamingStreaming)]
    public async Task Failure_OfTheModel_IsAResultThatSaysSo(RunnerMethodType kind)
    {
        await using var upstream = await StartAsync(Signature("predict", Prompt, [Field("return", DataType.Str)], kind));
        upstream.Outcome = StatusCode.Failure;
        upstream.Run = _ => new Output { Status = new Status { Code = StatusCode.ModelPredictionFailed, Description = "Failed", Details = "as the test says" } };
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(client, Path, Call("predict", """{"prompt":"hi"}"""));

        Assert.True((bool)answer.Last["result"]!["isError"]!);
        Assert.StartsWith("Failed: as the test says", (string?)answer.Last["result"]!["content"]![0]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_WithoutOutputs_IsAResultThatSaysSo()
    {
        await using var upstream = await StartAsync(Predict);
        upstream.DropsOutputs = true;
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(client, Path, Call("predict", """{"prompt":"hi"}"""));

        Assert.StartsWith("Internal server issue", (string?)answer.Last["result"]!["content"]![0]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_OverTheLimit_AreRefused()
    {
        await using var upstream = await StartAsync(Signature("generate", Prompt, [Field("return", DataType.List)], RunnerMethodType.UnaryStreaming));
        upstream.Version!.MethodSignatures[0].OutputFields[0].TypeArgs.Add(Field("", DataType.Float));
        upstream.Run = _ => Returned(new Data { Parts = { Enumerable.Repeat(new Part { Data = new Data { FloatValue = 0.1234567890123456 } }, 100) } });
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Upstream:MaxResponseBytes", "1900"));
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(client, Path, Call("generate", """{"prompt":"hi"}"""));

        Assert.StartsWith("Upstream message too large: The results have together", (string?)answer.Last["result"]!["content"]![0]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_IsAnsweredByEvents_InOrder()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(
            client, Path, """[{"jsonrpc":"2.0","id":"a","method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":2,"method":"nope"}]""");

        Assert.Equal(["a", "2"], answer.Messages.Select(message => message["id"]!.ToString()));
        Assert.Equal(-32601, (int)answer.Last["error"]!["code"]!);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""")]
    public async Task Notification_IsAcceptedWithoutAnAnswer(string notification)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await OfAsync(client, Path, notification);

        Assert.Equal((HttpStatusCode.Accepted, null, 0), (answer.Http, answer.MediaType, answer.Messages.Length));
    }

    public static TheoryData<string, string, string, HttpStatusCode, int> Headers => new()
    {
        { "1999-01-01", "", "", HttpStatusCode.BadRequest, -32022 },
        { "2026-07-28", "tools/list", "predict", HttpStatusCode.BadRequest, -32020 },
        { "2026-07-28", "", "predict", HttpStatusCode.BadRequest, -32020 },
        { "2026-07-28", "tools/call", "", HttpStatusCode.BadRequest, -32020 },
        { "2026-07-28", "tools/call", "other", HttpStatusCode.BadRequest, -32020 },
        { "2026-07-28", "tools/call", "predict", HttpStatusCode.OK, 0 },
        { "2026-07-28", "tools/call", "=?base64?cHJlZGljdA==?=", HttpStatusCode.OK, 0 },
    };

    [Theory, MemberData(nameof(Headers))]
    public async Task Headers_ThatDoNotSayWhatTheMessageSays_AreRefused(string revision, string method, string name, HttpStatusCode http, int code)
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        var parameters = $$$"""
            {"name":"predict","arguments":{"prompt":"hi"},"_meta":{"io.modelcontextprotocol/protocolVersion":"{{{revision}}}","io.modelcontextprotocol/clientCapabilities":{} } }
            """;

        var answer = await OfAsync(client, Path, Request("tools/call", parameters), ("MCP-Protocol-Version", revision), ("Mcp-Method", method), ("Mcp-Name", name));

        Assert.Equal((http, 1, code), (answer.Http, (int)answer.Last["id"]!, (int?)answer.Last["error"]?["code"] ?? 0));
    }

    [Fact]
    public async Task Method_ThatARevisionHasNot_Is404()
    {
        await using var upstream = await StartAsync(Predict);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        const string Meta = """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}""";

        var answer = await OfAsync(client, Path, Request("ping", Meta), ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "ping"));

        Assert.Equal((HttpStatusCode.NotFound, -32601), (answer.Http, (int)answer.Last["error"]!["code"]!));
    }
}
