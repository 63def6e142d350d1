using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Foreign;

/// <summary>Swagger UI as a person uses it, in Chromium.</summary>
public sealed class SwaggerTests
{
    [Fact]
    public async Task Operation_TriedOut_Answers_AndThePolicyStopsNothingOfThePage()
    {
        await using var gateway = GatewayHost.Start(null, ("Gateway:Tenants:page:Keyless", "true"), ("Gateway:Tenants:page:Pat", "p"));
        await using var page = await NodeProgram.StartAsync("swagger.js", $"{new Uri(gateway.Address, "/swagger")}", "/v2/status_codes");

        var told = JsonNode.Parse(await page.ReadLineAsync().WaitAsync(StreamTesting.Limit * 2))!;

        Assert.Equal("""{"status":"200","complaints":[]}""", told.ToJsonString());
    }
}
