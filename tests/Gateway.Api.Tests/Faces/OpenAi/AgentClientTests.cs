using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>
/// Structured output and tool loops of OpenAI's own client, Vercel's <c>ai</c> and LangChain (npm), against the gateway on its sandbox.
/// </summary>
public sealed class AgentClientTests : IDisposable
{
    private readonly GatewayHost _gateway = GatewayHost.Start(settings: [("Gateway:Sandbox:TokenDelay", "00:00:00")]);

    public void Dispose() => _gateway.Dispose();

    // Each client checks what it got by the schema, and fails where it is not of it.
    [Theory]
    [InlineData("openaiObject")]
    [InlineData("openaiResponsesObject")]
    [InlineData("openaiResponsesStream")]
    [InlineData("vercelObject")]
    [InlineData("vercelStream")]
    [InlineData("vercelResponsesObject")]
    [InlineData("vercelResponsesStream")]
    [InlineData("langchainObject")]
    [InlineData("langchainByTool")]
    public async Task StructuredOutput_IsOfItsSchema(string name)
    {
        var island = await RunAsync(name);

        Assert.True(island["kind"]?.ToString() is "rock" or "sand", island.ToJsonString());
        Assert.NotEmpty((string)island["name"]!);
        Assert.NotEmpty(island["birds"]!.AsArray());
    }

    [Fact]
    public async Task JsonMode_IsAnObject() => Assert.NotEmpty((string)(await RunAsync("langchainJsonMode"))["text"]!);

    [Theory]
    [InlineData("openaiLoop")]
    [InlineData("openaiStreamedLoop")]
    [InlineData("vercelLoop")]
    [InlineData("vercelStreamedLoop")]
    [InlineData("vercelResponsesLoop")]
    [InlineData("vercelResponsesStreamedLoop")]
    [InlineData("langchainLoop")]
    public async Task ToolLoop_CallsOnce_AndEndsWithTheResult(string name)
    {
        var outcome = await RunAsync(name);

        Assert.Equal("""[{"place":"Oslo","days":3}]""", outcome["asked"]?.ToJsonString() ?? outcome.ToJsonString());
        Assert.Contains("3 mild days", (string)outcome["text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadSchema_IsAnErrorOfTheClient()
    {
        var error = await RunAsync("openaiBadSchema");

        Assert.Equal(
            ("BadRequestError", 400, "invalid_request_error", "response_format.json_schema.schema"),
            ((string)error["kind"]!, (int)error["status"]!, (string)error["type"]!, (string)error["param"]!));
        Assert.Contains("'additionalProperties' is required to be supplied and to be false", (string)error["message"]!, StringComparison.Ordinal);
    }

    private async Task<JsonNode> RunAsync(string name)
    {
        await using var program = await NodeProgram.StartAsync("agent-client.js", _gateway.Address.GetLeftPart(UriPartial.Authority), name);
        return JsonNode.Parse(await program.ReadLineAsync())!;
    }
}
