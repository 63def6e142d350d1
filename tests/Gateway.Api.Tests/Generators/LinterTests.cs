using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Generators;

/// <summary>The document as other people's linters see it: no errors.</summary>
public sealed class LinterTests
{
    private static string Folder => NodePackages.Generators.Folder;

    [Fact]
    public async Task Spectral_ByItsOpenApiRules_FindsNoErrors()
    {
        await using var gateway = GatewayHost.Start();
        await NodePackages.Generators.EnsureInstalledAsync();

        var output = await ToolRun.RunAsync(
            Folder, NodePackages.Generators.Node, "node_modules/@stoplight/spectral-cli/dist/index.js", "lint", "--quiet", "--fail-severity", "error", "--ruleset", "spectral.yaml", "--format", "json", AddressOf(gateway, "/openapi/v2.json"));

        Assert.DoesNotContain(JsonNode.Parse(output)!.AsArray(), problem => (int)problem!["severity"]! == 0);
    }

    [Theory]
    [InlineData("/openapi/v2.json")]
    [InlineData("/openapi/v2-3.0.json")]
    public async Task Redocly_ByItsRecommendedRules_FindsNoErrors(string document)
    {
        await using var gateway = GatewayHost.Start();
        await NodePackages.Generators.EnsureInstalledAsync();

        var output = await ToolRun.RunAsync(Folder, NodePackages.Generators.Node, "node_modules/@redocly/cli/bin/cli.js", "lint", "--format", "json", AddressOf(gateway, document));

        Assert.Equal(0, (int)JsonNode.Parse(output)!["totals"]!["errors"]!);
    }

    private static string AddressOf(GatewayHost gateway, string document) => new Uri(gateway.Address, document).ToString();
}
