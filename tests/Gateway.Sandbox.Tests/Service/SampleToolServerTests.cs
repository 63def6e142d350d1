using Clarifai.Api.Status;

namespace Gateway.Sandbox.Tests.Service;

/// <summary>The model that speaks MCP, as Clarifai's SDK serves such models: bare results, whole JSON-RPC objects for failures alone.</summary>
public class SampleToolServerTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", "{}")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", "{}")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"add","arguments":{"a":2,"b":3.5}}}""", """{"content":[{"type":"text","text":"{\u0022result\u0022:5.5}"}],"structuredContent":{"result":5.5}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2099-01-01"}}""", """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"tool-server","version":"1"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1.50,"method":"tools/call","params":{"name":"nope"}}""", """{"jsonrpc":"2.0","id":1.50,"error":{"code":-32602,"message":"Unknown tool: nope"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","method":"nope"}""", """{"jsonrpc":"2.0","id":"a","error":{"code":-32601,"message":"Method not found: nope"}}""")]
    [InlineData("no JSON", """{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"msg is not a JSON object"}}""")]
    public async Task Message_IsAnsweredByItsBareResult_OrAWholeError(string message, string answer)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("tool-server", Requests.Method("mcp_transport", ("msg", Requests.Str(message)))));

        Assert.Equal(StatusCode.Success, response.Status.Code);
        Assert.Equal(answer, response.Outputs[0].Data.Parts[0].Data.StringValue);
    }
}
