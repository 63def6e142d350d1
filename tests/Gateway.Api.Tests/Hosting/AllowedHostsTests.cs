using System.Net;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Api.Tests.Hosting;

/// <summary>The names that the gateway answers to: <c>AllowedHosts</c>.</summary>
public sealed class AllowedHostsTests
{
    private static readonly (string Key, string? Value)[] Keyless = [("Gateway:Tenants:keyless:Keyless", "true"), ("Gateway:Tenants:keyless:Pat", "p")];

    [Theory]
    [InlineData("gateway.example.com", true)]
    [InlineData("Gateway.Example.com:8080", true)]
    [InlineData("a.wild.example.com", true)]
    [InlineData("wild.example.com", false)]
    [InlineData("evil.example.com", false)]
    [InlineData("10.1.2.3:8080", false)]
    [ProvesSetting("AllowedHosts")]
    public async Task Request_ByAnotherName_IsRefused(string host, bool allowed)
    {
        using var log = new LogRecorder(LogLevel.Information);
        await using var gateway = GatewayHost.Start(
            null,
            builder => builder.ConfigureTestServices(services => services.AddRecorder(log)),
            ("AllowedHosts", "gateway.example.com;*.wild.example.com"));
        using var client = gateway.CreateClientWithKey();

        var answer = await AskAsync(client, "/v2/models", host);
        await gateway.DisposeAsync(); // the line of the log comes when the request is over, which its client may know before

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Http);
        if (!allowed)
        {
            Assert.Equal((11100, "The gateway does not answer to this name; the setting AllowedHosts has those that it answers to."), (answer.HasTheApisShape().Code, answer.Details));
            Assert.Contains(log.Entries, entry => entry.Contains(" 400 11100 ", StringComparison.Ordinal) && entry.Contains($"req_id={answer.RequestId}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Probes_ByAnyName_AreAnswered()
    {
        await using var gateway = GatewayHost.Start(settings: ("AllowedHosts", "gateway.example.com"));
        using var client = gateway.CreateClient();

        foreach (var path in new[] { "/healthz/live", "/healthz/ready" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "10.1.2.3:8080" } };
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*")]
    [InlineData("gateway.example.com;*")]
    public async Task Request_ByAnyName_IsAnswered_WhereNoneIsConfigured(string? setting)
    {
        await using var gateway = GatewayHost.Start(settings: setting is null ? [] : [("AllowedHosts", setting)]);
        using var client = gateway.CreateClientWithKey();

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, "/v2/models", "anything.example.com")).Http);
    }

    /// <summary>DNS rebinding: a page of the attacker's own name that is made to lead here is of the gateway's own origin, and brings no key.</summary>
    [Theory]
    [InlineData("localhost:8080", true)]
    [InlineData("LOCALHOST.", true)]
    [InlineData("gateway.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3:8080", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("listens.example.com:8080", true)]
    [InlineData("evil.example.com", false)]
    [InlineData("evil.example.com.", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("localhost.evil.example.com", false)]
    [InlineData("127.0.0.1.evil.example.com", false)]
    public async Task Request_WithoutAKeyByAnothersName_IsRefused(string host, bool allowed)
    {
        await using var gateway = GatewayHost.Start(settings: [.. Keyless, ("Kestrel:Endpoints:named:Url", "http://listens.example.com:0")]);
        using var client = new HttpClient { BaseAddress = new UriBuilder(gateway.Address) { Host = "127.0.0.1" }.Uri };

        var answer = await AskAsync(client, "/v2/models", host);

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Http);
        if (!allowed)
        {
            Assert.Contains("the setting AllowedHosts", answer.HasTheApisShape().Details, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("gateway.example.com", HttpStatusCode.OK)]
    [InlineData("other.example.com", HttpStatusCode.BadRequest)]
    public async Task Request_WithoutAKey_GoesByTheSetting(string setting, HttpStatusCode status)
    {
        await using var gateway = GatewayHost.Start(settings: [.. Keyless, ("AllowedHosts", setting)]);
        using var client = gateway.CreateClient();

        Assert.Equal(status, (await AskAsync(client, "/v2/models", "gateway.example.com")).Http);
    }

    [Fact]
    public async Task Probes_OfAGatewayWithoutAKey_ByAnyName_AreAnswered()
    {
        await using var gateway = GatewayHost.Start(settings: Keyless);
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz/live") { Headers = { Host = "probe.example.com" } };

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Request_OnceATenantNeedsNoKey_IsRefused()
    {
        await using var gateway = GatewayHost.Start(
            settings: [("Gateway:Tenants:keyed:Pat", "p"), ("Gateway:Tenants:keyed:KeySha256", new string('0', 64))]);
        using var client = gateway.CreateClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(client, "/v2/models", "evil.example.com")).Http);

        var sources = ((IConfigurationBuilder)gateway.Services.GetRequiredService<IConfiguration>()).Sources;
        sources.Add(new MemoryConfigurationSource { InitialData = Keyless.ToDictionary(setting => setting.Key, setting => setting.Value) });

        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(client, "/v2/models", "evil.example.com")).Http);
    }

    /// <summary>A change that cannot be used shuts nobody out, and lets nobody in.</summary>
    [Theory]
    [InlineData("AllowedHosts:0", "evil.example.com")]
    [InlineData("AllowedHosts", "https://evil.example.com")]
    [InlineData("AllowedHosts", ";")]
    [InlineData("AllowedHosts", "")]
    public async Task Change_ThatCannotBeUsed_IsToldAndTheNamesStay(string setting, string value)
    {
        using var log = new LogRecorder(LogLevel.Error);
        await using var gateway = GatewayHost.Start(
            null,
            builder => builder.ConfigureTestServices(services => services.AddRecorder(log)),
            ("AllowedHosts", "gateway.example.com"));
        using var client = gateway.CreateClientWithKey();

        var sources = ((IConfigurationBuilder)gateway.Services.GetRequiredService<IConfiguration>()).Sources;
        sources.Add(new MemoryConfigurationSource { InitialData = new Dictionary<string, string?> { [setting] = value } });

        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(client, "/v2/models", "evil.example.com")).Http);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, "/v2/models", "gateway.example.com")).Http);
        Assert.Contains(log.Entries, entry => entry.Contains("AllowedHosts is ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("localhost;10.1.2.3;[::1];xn--bcher-kva.example;*.my_host.example", "10.1.2.3:8080")]
    [InlineData(" gateway.example.com ; *.b\u00fccher.example ", "a.xn--bcher-kva.example")]
    [InlineData("*.xn--bcher-kva.example", "a.xn--bcher-kva.example:8080")]
    [InlineData("localhost;[::1]", "[::1]:8080")]
    public async Task Names_OfEveryForm_AreTaken(string setting, string host)
    {
        await using var gateway = GatewayHost.Start(settings: ("AllowedHosts", setting));
        using var client = gateway.CreateClientWithKey();

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, "/v2/models", host)).Http);
    }

    [Fact]
    public async Task Request_BehindAProxy_CountsByTheNameThatItsClientUsed()
    {
        await using var gateway = GatewayHost.Start(settings: [("AllowedHosts", "gateway.example.com"), ("Gateway:Proxies:0", "127.0.0.1")]);
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "gateway.example.com");

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(client, "/v2/models", "10.1.2.3:8080")).Http);
    }

    private static Task<Answer> AskAsync(HttpClient client, string path, string host) =>
        Answer.OfAsync(client, new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } });
}
