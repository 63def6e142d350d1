using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.WebConsole;

/// <summary>The console as it is served; tests/console uses it.</summary>
public sealed partial class ConsoleTests
{
    private const string KeySha256 = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";

    // As Chromium and Firefox send it.
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData("/")]
    [InlineData("/console")]
    public async Task Page_LoadsWhatItNames_AndNothingElse(string path)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();

        using var answer = await AskAsync(client, path);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString());
        Assert.Equal(
            ("nosniff", "no-referrer", "DENY"),
            (HeaderOf(answer, "X-Content-Type-Options"), HeaderOf(answer, "Referrer-Policy"), HeaderOf(answer, "X-Frame-Options")));
        var policy = HeaderOf(answer, "Content-Security-Policy");
        Assert.StartsWith("default-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("<noscript>", page, StringComparison.Ordinal);
        var named = Named().Matches(page).Select(name => name.Groups[1].Value).ToList();
        Assert.Equal([".css", ".js", ".svg"], named.Select(Path.GetExtension).Distinct().Order());
        foreach (var name in named)
        {
            // Relative: a proxy may have a prefix in front.
            Assert.StartsWith("./console/", name, StringComparison.Ordinal);
            using var file = await client.GetAsync(new Uri(new Uri(gateway.Address, path), name));
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", HeaderOf(file, "Cache-Control"));
            Assert.Equal("nosniff", HeaderOf(file, "X-Content-Type-Options"));
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task Page_AskedForAgain_IsNotSentTwice(string coding)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd(coding);

        using var first = await AskAsync(client, "/console");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/console") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await client.SendAsync(again);

        Assert.Equal(coding, first.Content.Headers.ContentEncoding.SingleOrDefault() ?? "identity");
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_IsAnsweredLikeGet_WithoutContent()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();

        using var get = await client.GetAsync("/console");
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/console"));

        Assert.Equal((HttpStatusCode.OK, get.Headers.ETag), (head.StatusCode, head.Headers.ETag));
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task PathWithASlashBehind_LeadsToTheOneWithout_BelowAnyPrefix()
    {
        await using var gateway = GatewayHost.Start();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = gateway.Address };

        using var answer = await AskAsync(client, "/console/");

        Assert.Equal((HttpStatusCode.PermanentRedirect, "../console"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [InlineData("/console/nothing.js")]
    [InlineData("/console/index.html")]
    [InlineData("/console/..%2Findex.html")]
    public async Task UnknownFile_IsNotFound(string path)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();

        Assert.Equal(404, (int)(await Answer.OfAsync(client, new HttpRequestMessage(HttpMethod.Get, path))).HasTheApisShape().Http);
    }

    [Fact]
    public async Task SwitchedOff_HasNoFiles()
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Console:Enabled", "false"));
        using var client = gateway.CreateClient();

        foreach (var path in new[] { "/console", "/console/about.json" })
        {
            using var answer = await AskAsync(client, path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("any")]
    [InlineData("own", "Gateway:Sandbox:Keys:0", "k")]
    [InlineData("own", "Gateway:Tenants:t:Pat", "p", "Gateway:Tenants:t:KeySha256", KeySha256)]
    [InlineData("none", "Gateway:Tenants:t:Pat", "p", "Gateway:Tenants:t:Keyless", "true")]
    public async Task About_SaysWhoseKeyIsNeeded(string key, params string[] settings)
    {
        await using var gateway = GatewayHost.Start(settings: [.. settings.Chunk(2).Select(pair => (pair[0], (string?)pair[1]))]);
        using var client = gateway.CreateClient();

        using var answer = await client.GetAsync("/console/about.json");
        var about = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal((key, true), ((string?)about["key"], (bool)about["sandbox"]!));
        Assert.Equal("no-store", HeaderOf(answer, "Cache-Control"));
    }

    [Theory]
    [InlineData("true", 200)]
    [InlineData("false", 401)]
    public async Task AdminPort_HasIt_WithoutAKey(string enabled, int status)
    {
        await using var admin = await AdminClient.StartAsync(settings: ("Gateway:Console:Enabled", enabled));
        using var client = new HttpClient { BaseAddress = admin.Address };

        using var page = await AskAsync(client, "/");
        using var about = await AskAsync(client, "/console/about.json");

        Assert.Equal((status, status), ((int)page.StatusCode, (int)about.StatusCode));
        if (status == 200)
        {
            Assert.True((bool)JsonNode.Parse(await about.Content.ReadAsStringAsync())!["admin"]!);
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", Browser } } };
        return await client.SendAsync(request);
    }

    private static string HeaderOf(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    [GeneratedRegex("(?:src|href)=\"(\\./[^\"]*)\"")]
    private static partial Regex Named();
}
