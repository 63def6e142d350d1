using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Foreign;

/// <summary>Swagger UI as a person uses it, in Chromium.</summary>
public sealed class SwaggerTests
{
    [Fact]
    public async Task Prediction_WithAKeyAsItIs_IsTriedOut()
    {
        var told = await TryAsync(new JsonObject
        {
            ["key"] = "sandbox",
            ["tag"] = "outputs",
            ["verb"] = "post",
            ["path"] = "/v2/models/{model_id}/outputs",
            ["parameters"] = new JsonObject { ["model_id"] = "text-sentiment" },
        });

        Assert.Equal(("200", "[]"), ((string?)told["status"], told["complaints"]!.ToJsonString()));
        Assert.Contains("\"concepts\"", (string?)told["answer"], StringComparison.Ordinal);
        Assert.Equal(["A text", "An image by URL", "An image as base64", "Several inputs, and how many concepts to answer"], told["examples"]!.AsArray().Select(name => (string?)name));
        Assert.Contains("outputs", (string?)told["model"], StringComparison.Ordinal);
        Assert.Equal(("outputs", true), ((string?)told["first"], (bool)told["collapsed"]!));
        Assert.InRange((int)told["nodes"]!, 1, 20_000);
    }

    [Fact]
    public async Task Chat_WithAKeyAsItIs_IsTriedOut()
    {
        var told = await TryAsync(new JsonObject
        {
            ["key"] = "sandbox",
            ["tag"] = "openai",
            ["verb"] = "post",
            ["path"] = "/v2/ext/openai/v1/chat/completions",
        });

        Assert.Equal(("200", "[]"), ((string?)told["status"], told["complaints"]!.ToJsonString()));
        Assert.Contains("\"chat.completion\"", (string?)told["answer"], StringComparison.Ordinal);
        Assert.InRange((int)told["nodes"]!, 1, 20_000);
    }

    [Fact]
    public async Task Operation_WithoutAKey_IsTriedOut()
    {
        var told = await TryAsync(
            new JsonObject { ["tag"] = "status_codes", ["verb"] = "get", ["path"] = "/v2/status_codes" },
            ("Gateway:Tenants:page:Keyless", "true"),
            ("Gateway:Tenants:page:Pat", "p"));

        Assert.Equal(("200", "[]"), ((string?)told["status"], told["complaints"]!.ToJsonString()));
    }

    private static async Task<JsonNode> TryAsync(JsonObject operation, params (string Key, string? Value)[] settings)
    {
        await using var gateway = GatewayHost.Start(null, settings);
        operation["address"] = new Uri(gateway.Address, "/swagger").ToString();
        await using var page = await NodeProgram.StartAsync("swagger.js", operation.ToJsonString());
        return JsonNode.Parse(await page.ReadLineAsync().WaitAsync(StreamTesting.Limit * 2))!;
    }
}
