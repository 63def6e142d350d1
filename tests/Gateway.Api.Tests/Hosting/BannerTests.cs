using System.Net;
using System.Net.Sockets;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Hosting;

/// <summary>What a start says.</summary>
public sealed class BannerTests
{
    [Fact]
    public async Task Start_BeginsWithALine_AndNamesThePages()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            AppContext.BaseDirectory, GatewayProcess.NoVariables, "--urls", "http://127.0.0.1:0", "--Gateway:Grpc:Url", "");
        var address = gateway.Address.ToString().TrimEnd('/');

        Assert.StartsWith("Clarifai gateway ", gateway.Output[0], StringComparison.Ordinal);
        foreach (var path in new[] { "/", "/swagger", "/v2/ext/openai/v1" })
        {
            Assert.StartsWith($"  {address}{path}  ", await gateway.LineAsync($"{address}{path} "), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", false)]
    [InlineData("http://localhost:{port}", false)]
    [InlineData("http://0.0.0.0:0", true)]
    [InlineData("http://*:0", true)]
    public async Task TenantWithoutKey_WhereOthersReachIt_IsWarnedOf(string url, bool warned)
    {
        url = url.Replace("{port}", FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        await using var gateway = await GatewayProcess.StartAsync(
            AppContext.BaseDirectory,
            GatewayProcess.NoVariables,
            "--urls", url, "--Gateway:Grpc:Url", "", "--Gateway:Tenants:home:Pat", "canary", "--Gateway:Tenants:home:Keyless", "true");
        using var client = new HttpClient { BaseAddress = gateway.Address };

        using var live = await client.GetAsync("/healthz/live");
        await gateway.LineAsync("/healthz/live");

        Assert.Equal(warned, gateway.Output.Any(line => line.Contains(" WRN The tenant home needs no key, and the gateway listens at ", StringComparison.Ordinal)));
        Assert.DoesNotContain(gateway.Output, line => line.Contains("canary", StringComparison.Ordinal));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
