using System.Text.Json.Nodes;
using System.Xml.Linq;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Hosting;

/// <summary>The gateway's version stands in one place, and whoever asks is told it.</summary>
public sealed class VersionTests
{
    private static readonly string Version =
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

    [Fact]
    public async Task Argument_Version_IsAnsweredWithoutAStart()
    {
        // Settings that would stop a start do not matter here.
        var (exitCode, output, error) = await GatewayProcess.RunAsync(AppContext.BaseDirectory, GatewayProcess.NoVariables, "--urls", "nowhere", "--version");

        Assert.Equal((0, Version, ""), (exitCode, output.TrimEnd(), error));
    }

    [Fact]
    public async Task Liveness_TellsTheVersion()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();

        using var live = await client.GetAsync("/healthz/live");

        Assert.Equal(Version, Assert.Single(live.Headers.GetValues("X-Gateway-Version")));
    }

    [Fact]
    public async Task OpenApi_TellsTheVersionBesideTheApis()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();

        var info = JsonNode.Parse(await client.GetStringAsync("/openapi/v2.json"))!["info"]!;

        Assert.Equal((Version, "12.5"), ((string?)info["x-gateway-version"], (string?)info["version"]));
    }

    [Fact]
    public void Changelog_SaysWhatIsInTheVersion() =>
        Assert.Contains($"\n## [{Version}] - ", File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md")), StringComparison.Ordinal);
}
