using System.Text.Json;
using Gateway.Api.Tests.Sdk;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Faces.Mcp;

/// <summary>MCP's official client for Node.js (npm package <c>@modelcontextprotocol/sdk</c>) against both kinds of models.</summary>
public sealed class NpmClientTests
{
    [Fact]
    public async Task Client_OfAModelThatSpeaksMcp_ListsAndCallsItsTools()
    {
        var told = await RunAsync("/users/clarifai/apps/main/models/tool-server", "count_words", """{"text":"one two three"}""");

        Assert.Equal("tool-server", told.GetProperty("server").GetProperty("name").GetString());
        Assert.Equal("""["add","count_words"]""", told.GetProperty("tools").GetRawText());
        Assert.Equal(3, told.GetProperty("result").GetProperty("structuredContent").GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task Client_OfAModelOfClarifaisSdk_ListsAndCallsItsTools()
    {
        await using var server = await SdkModelServer.StartAsync(SdkGeneration.JsonInStruct, SdkMcp.Method());

        var told = await RunAsync("/models/m", "add", """{"a":2,"b":3.5}""", server.Address);

        Assert.Equal("sdk-tools", told.GetProperty("server").GetProperty("name").GetString());
        Assert.Equal("""["add"]""", told.GetProperty("tools").GetRawText());
        Assert.Equal(5.5, told.GetProperty("result").GetProperty("structuredContent").GetProperty("result").GetDouble());
    }

    [Fact]
    public async Task Client_OfAModelWithMethods_ListsAndCallsThem_WithProgress()
    {
        var told = await RunAsync("/models/text-generator", "generate", """{"prompt":"The lighthouse","max_tokens":4}""");

        Assert.Equal("""["predict","generate","chat","stream"]""", told.GetProperty("tools").GetRawText());
        Assert.Equal("stands on the harbour", told.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("""["stands"," on"," the"," harbour"]""", told.GetProperty("progress").GetRawText());
    }

    [Fact]
    public async Task Client_ChecksAnObject_AgainstItsSchema()
    {
        var told = await RunAsync("/models/argument-echo", "echo_person", """{"value":{"name":"Ada","age":36}}""");

        Assert.Equal("""{"name":"Ada","age":36}""", told.GetProperty("result").GetProperty("structuredContent").GetRawText());
    }

    private static async Task<JsonElement> RunAsync(string model, string tool, string arguments, Uri? upstream = null)
    {
        await using var gateway = GatewayHost.Start(upstream);
        await using var program = await NodeProgram.StartAsync("mcp-client.js", new Uri(gateway.Address, McpPost.Root + model).ToString(), tool, arguments);
        return JsonSerializer.Deserialize<JsonElement>(await program.ReadLineAsync());
    }
}
