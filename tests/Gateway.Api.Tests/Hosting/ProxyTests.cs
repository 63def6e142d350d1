using System.Net;
using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Api.Hosting;
using Gateway.Api.Tests.Faces.Grpc;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Hosting;

/// <summary>What proxies in front of the gateway say of their clients, and whom it believes.</summary>
public sealed class ProxyTests
{
    private const string Snippet = "/v2/models/text-generator/methods/predict/snippet";

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("::1", false)]
    [InlineData(null, false)]
    [ProvesSetting("Gateway:Proxies:0")]
    public async Task Forwarded_OfAConfiguredProxyAlone_Counts(string? proxy, bool counts)
    {
        await using var gateway = GatewayHost.Start(settings: proxy is null ? [] : [("Gateway:Proxies:0", proxy)]);
        using var client = ClientBehind(gateway, "https", "api.example.com", "/clarifai");

        var code = await client.GetStringAsync(Snippet);

        var address = counts ? "https://api.example.com/clarifai" : gateway.Address.GetLeftPart(UriPartial.Authority);
        Assert.Contains($"{address}/v2/models/text-generator/methods/predict", code, StringComparison.Ordinal);
        Assert.Equal(counts, code.Contains("example.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forwarded_ByAChain_CountsAsFarAsItIsConfigured()
    {
        await using var gateway = GatewayHost.Start(settings: [("Gateway:Proxies:0", "127.0.0.1"), ("Gateway:Proxies:1", "10.0.0.0/8")]);
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", ["203.0.113.9", "198.51.100.7", "10.1.2.3"]);
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", ["gopher", "https", "http"]);

        // The last two are of 127.0.0.1 and 10.1.2.3; the first is of a stranger.
        Assert.Contains("https://", await client.GetStringAsync(Snippet), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfTheGatewaysOwnName_IsNotForeign()
    {
        await using var gateway = GatewayHost.Start(settings:
        [
            ("Gateway:Proxies:0", "127.0.0.1"), ("AllowedHosts", "127.0.0.1;api.example.com"),
            ("Gateway:Tenants:t:Pat", "p"), ("Gateway:Tenants:t:Keyless", "true"),
        ]);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Add("Origin", "https://api.example.com");

        using var foreign = await client.GetAsync("/v2/models");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "api.example.com");
        using var own = await client.GetAsync("/v2/models");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (foreign.StatusCode, own.StatusCode));
    }

    [Fact]
    public async Task Grpc_OfAProxy_TellsTheUpstreamNothingOfIt()
    {
        Metadata? seen = null;
        await using var front = await GrpcFront.StartAsync(
            async call =>
            {
                seen = call.RequestHeaders;
                return await GrpcFront.EchoAsync(call);
            },
            ("Gateway:Proxies:0", "127.0.0.1"));

        var result = await front.Channel.UnaryAsync(
            GrpcFront.Predict,
            GrpcFront.Bytes(GrpcFront.Request("x")),
            GrpcFront.Options("Key " + GrpcFront.Key, ("x-forwarded-for", "10.1.2.3"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "h"), ("x-forwarded-prefix", "/p")));

        Assert.Equal(GrpcStatus.DefaultSuccess, result.Status);
        Assert.DoesNotContain(seen!, entry => entry.Key.StartsWith("x-forwarded", StringComparison.Ordinal) || entry.Key.StartsWith("x-original", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Documentation_UnderAPrefix_PointsThere()
    {
        await using var gateway = GatewayHost.Start(settings: [("Gateway:Proxies:0", "127.0.0.1")]);
        using var direct = gateway.CreateClient();
        using var behind = ClientBehind(gateway, "https", "api.example.com", "/clarifai");

        // Relative to the document, which is the same for all.
        Assert.Equal("..", ServerIn(await direct.GetStringAsync("/openapi/v2.json")));
        Assert.Equal("..", ServerIn(await behind.GetStringAsync("/openapi/v2.json")));

        // The page links relatively as well.
        Assert.Contains("\"../openapi/v2-3.0.json\"", await direct.GetStringAsync("/swagger/index.js"), StringComparison.Ordinal);
        using var noRedirect = gateway.CreateClientWithKey();
        using var page = await noRedirect.GetAsync("/swagger");
        Assert.False(page.Headers.Location!.IsAbsoluteUri);
        Assert.Equal("https://h/clarifai/swagger/index.html", new Uri(new Uri("https://h/clarifai/swagger"), page.Headers.Location).ToString());
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("fd00::/8", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0.1/8", true)]
    [InlineData("proxy.example.com", false)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("", false)]
    public void Proxy_ThatIsNoAddress_IsRefused(string proxy, bool valid)
    {
        var options = new GatewayOptions { Proxies = [proxy] };

        Assert.Equal(valid ? [] : ["Gateway:Proxies:0 is an address or a network, as in 10.0.0.1 or 10.0.0.0/8."], GatewayOptionsValidator.Faults(options));
    }

    private static HttpClient ClientBehind(GatewayHost gateway, string scheme, string host, string prefix)
    {
        var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", host);
        client.DefaultRequestHeaders.Add("X-Forwarded-Prefix", prefix);
        return client;
    }

    private static string ServerIn(string document) => (string)JsonNode.Parse(document)!["servers"]!.AsArray().Single()!["url"]!;
}
