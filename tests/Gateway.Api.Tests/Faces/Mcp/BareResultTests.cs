using System.Net;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Mcp;

/// <summary>
/// The gateway in front of a model that speaks MCP as Clarifai's SDK does: its method answers the bare result of a request, <c>{}</c> to a notification,
/// and a whole JSON-RPC object for a failure alone.
/// </summary>
public sealed class BareResultTests
{
    private const string Path = "/users/u/apps/a/models/m";

    private static readonly MethodSignature Transport = Signature("mcp_transport", [Field("msg", DataType.Str)], [Field("return", DataType.Str)]);

    public static TheoryData<string> Ids => ["1", "0", "-7", "1.0", "1.50", "1e2", "12345678901234567890123", "\"a\"", "\"\"", "\"1\"", "\"\\u00e4\\/ \"", "\"ä\""];

    [Theory, MemberData(nameof(Ids))]
    public async Task Result_IsWrapped_UnderTheRequestsIdAsItCame(string id)
    {
        var body = await PostAsync($$"""{"jsonrpc":"2.0","method":"tools/list", "id" : {{id}} }""", _ => """{"tools":[]}""");

        Assert.Equal($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"tools":[]}}""", body);
    }

    [Theory]
    [InlineData("ping", "{}")]
    [InlineData("initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"m","version":"1"}}""")]
    [InlineData("tools/call", """{"content":[{"type":"text","text":"{\"error\": 1}"}],"structuredContent":{"result":1.50,"error":null},"isError":false}""")]
    [InlineData("tools/call", """{"result":1,"error":2}""")]
    [InlineData("tools/list", "\n { \"tools\" : [ ] } \n")]
    public async Task Result_StaysAsItIs(string method, string result)
    {
        var body = await PostAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}"}""", _ => result);

        Assert.Equal($$$"""{"jsonrpc":"2.0","id":1,"result":{{{result}}}}""", body);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":"","error":{"code":-32602,"message":"no"}}""", """{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"no"}}""")]
    [InlineData("""{"jsonrpc":"2.0", "id": "7", "result":{}}""", """{"jsonrpc":"2.0", "id": 7, "result":{}}""")]
    [InlineData("""{"error":{"code":-32602,"message":"no","data":{"id":1}},"id":null,"jsonrpc":"2.0"}""", """{"error":{"code":-32602,"message":"no","data":{"id":1}},"id":7,"jsonrpc":"2.0"}""")]
    [InlineData(""" {"jsonrpc":"2.0","error":{"code":-32602,"message":"no"}}""", """ {"id":7,"jsonrpc":"2.0","error":{"code":-32602,"message":"no"}}""")]
    public async Task Envelope_StaysOne_AndIsUnderTheRequestsId(string envelope, string answer)
    {
        var body = await PostAsync("""{"jsonrpc":"2.0","id":7,"method":"tools/call"}""", _ => envelope);

        Assert.Equal(answer, body);
    }

    [Fact]
    public async Task Batch_IsOneOfEnvelopes()
    {
        var body = await PostAsync(
            """[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},{"jsonrpc":"2.0","id":"b","method":"tools/list"}]""",
            message => message.Contains("tools/list", StringComparison.Ordinal) ? """{"tools":[]}""" : "{}");

        Assert.Equal("""[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":"b","result":{"tools":[]}}]""", body);
    }

    [Fact]
    public async Task Batch_FailingItem_KeepsItsNumber()
    {
        await using var upstream = await StartAsync(Transport);
        upstream.Run = _ => new Output { Status = new Status { Code = StatusCode.ModelPredictionFailed, Description = "Failed", Details = "as the test says" } };
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, Path, """[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","id":"7","method":"ping"},{"jsonrpc":"2.0","id":7.50,"method":"ping"}]""");

        Assert.Equal(["7", "\"7\"", "7.50"], Assert.Single(answer.Messages).AsArray().Select(each => each!["id"]!.ToJsonString()));
        Assert.All(answer.Last.AsArray(), each => Assert.Equal("Failed: as the test says", (string?)each!["error"]!["message"]));
    }

    [Fact]
    public async Task Failure_ToARequestOfTheNewEra_IsSaidByHttpToo_SoThatItsClientBeginsWithAHandshake()
    {
        await using var upstream = await StartAsync(Transport);
        upstream.Run = input => input.Data.Parts[0].Data.StringValue.Contains("discover", StringComparison.Ordinal)
            ? new Output { Status = new Status { Code = StatusCode.ModelPredictionFailed, Description = "Failed" } }
            : Returned(new Data { StringValue = """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}""" });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var failed = await McpPost.OfAsync(client, Path, McpPost.Request("server/discover", NewEra.Parameters()), ("MCP-Protocol-Version", NewEra.Revision));
        var refused = await McpPost.OfAsync(client, Path, McpPost.Request("tools/list", NewEra.Parameters()), ("MCP-Protocol-Version", NewEra.Revision));
        var old = await McpPost.OfAsync(client, Path, McpPost.Request("tools/list"), ("MCP-Protocol-Version", "2025-11-25"));

        Assert.Equal((HttpStatusCode.BadRequest, -32000, 1), (failed.Http, (int)failed.Last["error"]!["code"]!, (int)failed.Last["id"]!));
        Assert.Equal((HttpStatusCode.BadRequest, -32601), (refused.Http, (int)refused.Last["error"]!["code"]!));
        Assert.Equal(HttpStatusCode.OK, old.Http);
    }

    private static async Task<string> PostAsync(string message, Func<string, string> answer)
    {
        await using var upstream = await StartAsync(Transport);
        upstream.Run = input => Returned(new Data { StringValue = answer(input.Data.Parts[0].Data.StringValue) });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await client.PostAsync(McpPost.Root + Path, new StringContent(message));

        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await response.Content.ReadAsStringAsync();
    }
}
