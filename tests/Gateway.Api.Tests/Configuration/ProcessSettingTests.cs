using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Configuration;

/// <summary>The effect of settings that the process itself has to show: where it listens, and what it prints.</summary>
public sealed class ProcessSettingTests
{
    private const string Lifetime = "Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime";

    [Fact]
    [ProvesSetting("ASPNETCORE_URLS")]
    public async Task Urls_OfTheEnvironment_AreListenedAt()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            AppContext.BaseDirectory, new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" });

        Assert.Equal("127.0.0.1", gateway.Address.Host);
    }

    [Fact]
    [ProvesSetting("--urls")]
    public async Task Urls_OfTheCommandLine_WinOverTheEnvironment()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            AppContext.BaseDirectory, new Dictionary<string, string> { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" }, "--urls", "http://127.0.0.2:0");

        Assert.Equal("127.0.0.2", gateway.Address.Host);
    }

    [Fact]
    [ProvesSetting("Gateway:LogFormat")]
    public async Task LogFormat_Json_IsAnObjectALineAndNothingElse()
    {
        await using var gateway = GatewayProcess.Launch(
            AppContext.BaseDirectory, GatewayProcess.NoVariables, "--urls", "http://127.0.0.1:0", "--Gateway:LogFormat", "json", $"--{Lifetime}", "Information");

        // Logged when the start is over; a banner would stand before it.
        await gateway.LineAsync("Application started");

        Assert.Contains(gateway.Output, line => line.Contains("Upstream: ", StringComparison.Ordinal));
        Assert.All(gateway.Output, line => Assert.NotNull(JsonNode.Parse(line)!["Timestamp"]));
    }

    [Fact]
    [ProvesSetting("Serilog:…")]
    public async Task Serilog_Level_DecidesWhatIsLogged()
    {
        await using var gateway = GatewayProcess.Launch(
            AppContext.BaseDirectory, GatewayProcess.NoVariables,
            "--urls", "http://127.0.0.1:0", "--Serilog:MinimumLevel:Default", "Warning", $"--{Lifetime}", "Information");

        await gateway.LineAsync(" INF Application started");

        Assert.DoesNotContain(gateway.Output, line => line.Contains("Upstream: ", StringComparison.Ordinal));
    }
}
