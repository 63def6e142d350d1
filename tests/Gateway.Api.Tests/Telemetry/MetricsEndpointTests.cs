using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Telemetry;

/// <summary>What Prometheus finds at the admin API's port.</summary>
public sealed class MetricsEndpointTests
{
    private const string MetricsKey = "canary-metrics-key";

    private static readonly (string, string?) On = ("Gateway:Telemetry:Prometheus", "true");
    private static readonly (string, string?) OwnKey =
        ("Gateway:Telemetry:MetricsKeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(MetricsKey))));

    [Theory]
    [InlineData(AdminClient.Key, HttpStatusCode.OK)]
    [InlineData(MetricsKey, HttpStatusCode.OK)]
    [InlineData("another-key", HttpStatusCode.Unauthorized)]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [ProvesSetting("Gateway:Telemetry:Prometheus")]
    [ProvesSetting("Gateway:Telemetry:MetricsKeySha256")]
    public async Task Metrics_WantAKey(string? key, HttpStatusCode status)
    {
        await using var admin = await AdminClient.StartAsync(settings: [On, OwnKey]);

        using var response = await GetAsync(admin, "/metrics", key);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(
            status == HttpStatusCode.OK, (await response.Content.ReadAsStringAsync()).Contains("# TYPE gateway_requests_active gauge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task KeyOfMetrics_OpensNothingElse()
    {
        await using var admin = await AdminClient.StartAsync(settings: [On, OwnKey]);

        using var response = await GetAsync(admin, "/admin/v1/tenants", MetricsKey);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_ThatNobodyAskedFor_AreNotThere()
    {
        await using var admin = await AdminClient.StartAsync();

        using var response = await GetAsync(admin, "/metrics", AdminClient.Key);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    /// <summary>Not at the port of clients, whatever key they have.</summary>
    [Fact]
    public async Task Metrics_AreNotAtTheOtherPorts()
    {
        await using var admin = await AdminClient.StartAsync(settings: [On]);
        using var client = admin.Gateway.CreateClientWithKey(AdminClient.Key);

        using var response = await client.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("Gateway:Telemetry:Prometheus needs Gateway:Admin:Url: the metrics are served at that port.", "--Gateway:Telemetry:Prometheus=true")]
    [InlineData("Gateway:Telemetry:MetricsKeySha256 is not a SHA-256 in 64 hex digits.", "--Gateway:Telemetry:MetricsKeySha256=canary")]
    [InlineData("Gateway:Telemetry:MaxModels is a whole number from 0 to 10000.", "--Gateway:Telemetry:MaxModels=10001")]
    public async Task Settings_ThatCannotWork_AreFaults(string sentence, string setting)
    {
        var check = await GatewayCommand.RunAsync(["config", "check", setting]);

        Assert.Equal((2, sentence + "\n"), (check.ExitCode, check.Output));
    }

    [Fact]
    public async Task Exporter_ThatIsUnknown_IsAFault()
    {
        var check = await GatewayCommand.RunAsync(
            AppContext.BaseDirectory, new Dictionary<string, string> { ["OTEL_TRACES_EXPORTER"] = "zipkin" }, "", "config", "check");

        Assert.Equal((2, "OTEL_TRACES_EXPORTER is otlp or none; Prometheus is Gateway:Telemetry:Prometheus.\n"), (check.ExitCode, check.Output));
    }

    private static async Task<HttpResponseMessage> GetAsync(AdminClient admin, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(admin.Address, path));
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var client = new HttpClient();
        return await client.SendAsync(request);
    }
}
