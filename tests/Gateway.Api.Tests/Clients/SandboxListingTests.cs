using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Clients;

/// <summary>What a client lists first, over REST, on the sandbox.</summary>
public sealed class SandboxListingTests
{
    [Theory]
    [InlineData("/v2/status_codes", "statuses")]
    [InlineData("/v2/apps", "apps")]
    [InlineData("/v2/users/ada/apps", "apps")]
    [InlineData("/v2/concepts", "concepts")]
    [InlineData("/v2/users/ada/apps/engines/concepts", "concepts")]
    [InlineData("/v2/users/ada/apps/engines/models", "models")]
    public async Task List_IsAnswered(string path, string member)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", path);

        Assert.Equal((200, 10000), ((int)answer.Http, answer.Code));
        Assert.NotEmpty(answer.Body[member]!.AsArray());
    }

    [Fact]
    public async Task StatusCode_OfAFailure_IsToldWithSuccess()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "GET", "/v2/status_codes/11009");

        Assert.Equal((200, 11009, "API key not found"), ((int)answer.Http, answer.Code, (string?)answer.Body["status"]!["description"]));
    }

    [Fact]
    public async Task Model_OfAList_HasAVersionOfTheSameOwner()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var models = JsonNode.Parse(await client.GetStringAsync("/v2/users/ada/apps/engines/models"))!["models"]!.AsArray();

        Assert.All(models, model => Assert.Equal(("ada", "engines"), ((string?)model!["model_version"]!["user_id"], (string?)model["model_version"]!["app_id"])));
    }
}
