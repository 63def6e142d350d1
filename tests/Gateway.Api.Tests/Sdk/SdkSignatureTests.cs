using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Api.Tests.Faces.Mcp;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Sdk.SdkMethod;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Sdk;

/// <summary>What an author says of arguments with the SDK's <c>Param</c>, as people, JSON Schema and MCP's clients see it; and what they may send then.</summary>
public sealed class SdkSignatureTests
{
    private const string Arguments = """
        {
          "type": "object",
          "properties": {
            "tokens": { "type": "integer", "minimum": 1, "maximum": 4096, "default": 512 },
            "temperature": { "type": "number", "minimum": 0, "maximum": 2, "default": 0.7 },
            "size": { "type": "string", "enum": ["s", "m"], "default": "s" },
            "suffix": { "type": "string", "default": "" }
          },
          "required": [], "additionalProperties": false
        }
        """;

    [Fact]
    public async Task Method_IsDescribed_WithRangesChoicesAndEmptyDefaults()
    {
        await using var server = await StartAsync();
        await using var gateway = GatewayHost.Start(server.Address);
        using var client = gateway.CreateClientWithKey();

        var method = JsonNode.Parse(await client.GetStringAsync("/v2/models/m/methods/write"))!;

        Assert.Equal("""write(tokens: int[1..4096] = 512, temperature: float[0..2] = 0.7, size: Literal["s", "m"] = "s", suffix: str = "") -> int""", (string?)method["signature"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Arguments), method["arguments"]), method.ToJsonString());
    }

    [Fact]
    public async Task Tool_IsDescribedTheSame()
    {
        await using var server = await StartAsync();
        await using var gateway = GatewayHost.Start(server.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, "/models/m", McpPost.Request("tools/list"), ("Accept", "application/json, text/event-stream"));

        var schema = answer.Last["result"]!["tools"]![0]!["inputSchema"];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Arguments), schema), schema!.ToJsonString());
    }

    [Theory]
    [InlineData("4.0", 4)]
    [InlineData("4e1", 40)]
    public async Task Tool_TakesWholeNumbers_HoweverTheyAreSpelled(string number, int tokens)
    {
        await using var server = await StartAsync();
        await using var gateway = GatewayHost.Start(server.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, "/models/m", McpPost.Call("write", $$"""{"tokens":{{number}}}"""), ("Accept", "application/json, text/event-stream"));

        Assert.Equal($"{tokens}", (string?)answer.Last["result"]!["content"]![0]!["text"]);
    }

    private static Task<SdkModelServer> StartAsync()
    {
        ModelTypeField[] arguments =
        [
            new() { Name = "tokens", Type = DataType.Int, Default = "512", ModelTypeRangeInfo = new ModelTypeRangeInfo { Min = 1, Max = 4096 } },
            new() { Name = "temperature", Type = DataType.Float, Default = "0.7", ModelTypeRangeInfo = new ModelTypeRangeInfo { Max = 2 } },
            new() { Name = "size", Type = DataType.Str, Default = "s", ModelTypeEnumOptions = { new ModelTypeEnumOption { Id = "s" }, new ModelTypeEnumOption { Id = "m" } } },
            new() { Name = "suffix", Type = DataType.Str },
        ];
        return SdkModelServer.StartAsync(SdkGeneration.JsonInStruct, Unary("write", arguments, Result(DataType.Int), values => values["tokens"]));
    }
}
