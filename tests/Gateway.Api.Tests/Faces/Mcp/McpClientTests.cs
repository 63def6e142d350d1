using System.Text;
using System.Text.Json;
using Gateway.Api.Tests.Sdk;
using Gateway.Api.Tests.Support;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Tests.Faces.Mcp;

/// <summary>MCP's official client for .NET against both kinds of models, in the revisions that begin with a handshake and the one that does not.</summary>
public sealed class McpClientTests
{
    public static TheoryData<string?> Revisions => [null, "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

    [Theory, MemberData(nameof(Revisions))]
    public async Task Client_OfAModelThatSpeaksMcp_ListsAndCallsItsTools(string? revision)
    {
        await using var gateway = GatewayHost.Start();
        await using var client = await ConnectAsync(gateway, "/users/clarifai/apps/main/models/tool-server", revision);

        var tools = await client.ListToolsAsync();
        var sum = await client.CallToolAsync("add", new Dictionary<string, object?> { ["a"] = 2, ["b"] = 3.5 });
        var wrong = await client.CallToolAsync("add", new Dictionary<string, object?> { ["a"] = "two" });

        Assert.Equal(["add", "count_words"], tools.Select(tool => tool.Name));
        Assert.Equal(5.5, sum.StructuredContent!.Value.GetProperty("result").GetDouble());
        Assert.True(wrong.IsError);
        Assert.Equal("tool-server", client.ServerInfo?.Name);
    }

    // The SDK agrees on the newest revision that it knows, whatever a client asks for, and a client that was told to use another hangs up.
    [Theory]
    [InlineData(null)]
    [InlineData("2025-11-25")]
    public async Task Client_OfAModelOfClarifaisSdk_ListsAndCallsItsTools(string? revision)
    {
        await using var server = await SdkModelServer.StartAsync(SdkGeneration.JsonInStruct, SdkMcp.Method());
        await using var gateway = GatewayHost.Start(server.Address);
        await using var client = await ConnectAsync(gateway, "/models/m", revision);

        var tools = await client.ListToolsAsync();
        var sum = await client.CallToolAsync("add", new Dictionary<string, object?> { ["a"] = 2, ["b"] = 3.5 });
        var unknown = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("nope"));
        await client.PingAsync();

        Assert.Equal(["add"], tools.Select(tool => tool.Name));
        Assert.Equal(5.5, sum.StructuredContent!.Value.GetProperty("result").GetDouble());
        Assert.Equal(McpErrorCode.InvalidParams, unknown.ErrorCode);
        Assert.Equal("sdk-tools", client.ServerInfo?.Name);
    }

    [Theory, MemberData(nameof(Revisions))]
    [InlineData("2026-07-28")]
    public async Task Client_OfAModelWithMethods_ListsAndCallsThemAsTools(string? revision)
    {
        await using var gateway = GatewayHost.Start();
        await using var client = await ConnectAsync(gateway, "/models/text-generator", revision);

        var tools = await client.ListToolsAsync();
        var text = await client.CallToolAsync("predict", new Dictionary<string, object?> { ["prompt"] = "The lighthouse", ["max_tokens"] = 4 });

        Assert.Equal(["predict", "generate", "chat", "stream"], tools.Select(tool => tool.Name));
        Assert.Equal("Continues the prompt.", tools[0].Description);
        Assert.Equal("integer", tools[0].JsonSchema.GetProperty("properties").GetProperty("max_tokens").GetProperty("type").GetString());
        Assert.Equal("stands on the harbour", Assert.IsType<TextContentBlock>(Assert.Single(text.Content)).Text);
        Assert.Equal(revision ?? "2026-07-28", client.NegotiatedProtocolVersion);
        Assert.Equal("text-generator", client.ServerInfo?.Name);
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("stream")]
    public async Task Client_OfAStreamingMethod_GetsTheWhole(string tool)
    {
        await using var gateway = GatewayHost.Start();
        await using var client = await ConnectAsync(gateway, "/models/text-generator");

        var result = await client.CallToolAsync(tool, new Dictionary<string, object?> { ["prompt"] = "The lighthouse", ["max_tokens"] = 4 });

        Assert.Equal("stands on the harbour", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Equal(4, (int)result.Meta!["com.clarifai/usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Client_OfATypedMethod_GetsContentOfItsType()
    {
        await using var gateway = GatewayHost.Start();
        await using var client = await ConnectAsync(gateway, "/models/argument-echo");
        var png = Convert.ToBase64String([0x89, .. "PNG\r\n\u001a\n0000"u8]);

        var person = await CallAsync(client, "echo_person", """{"name":"Ada","age":36}""");
        var image = await CallAsync(client, "echo_image", $"\"{png}\"");
        var link = await CallAsync(client, "echo_video", "\"https://example.com/a.mp4\"");

        Assert.Equal("""{"name":"Ada","age":36}""", person.StructuredContent!.Value.GetRawText());
        var content = Assert.IsType<ImageContentBlock>(Assert.Single(image.Content));
        Assert.Equal(("image/png", png), (content.MimeType, Encoding.ASCII.GetString(content.Data.Span)));
        Assert.Equal("https://example.com/a.mp4", Assert.IsType<ResourceLinkBlock>(Assert.Single(link.Content)).Uri);
    }

    [Fact]
    public async Task Client_OfAnUnknownTool_GetsAnError()
    {
        await using var gateway = GatewayHost.Start();
        await using var client = await ConnectAsync(gateway, "/models/text-generator");

        var error = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("nope"));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
    }

    [Fact]
    public async Task Client_OfAnUnknownModel_IsToldSo()
    {
        await using var gateway = GatewayHost.Start();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(gateway, "/models/nope", "2025-06-18"));

        Assert.Contains("nope", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<CallToolResult> CallAsync(McpClient client, string tool, string value) =>
        await client.CallToolAsync(tool, new Dictionary<string, object?> { ["value"] = JsonElement.Parse(value) });

    private static async Task<McpClient> ConnectAsync(GatewayHost gateway, string model, string? revision = null)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(gateway.Address, McpPost.Root + model),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer client-key" },
        });
        return await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = revision });
    }
}
