using System.Net;
using System.Text.RegularExpressions;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.WebConsole;

/// <summary>The page for people who open the gateway's address where there is no console.</summary>
public sealed partial class StartPageTests
{
    // As Chromium and Firefox send it.
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static readonly (string, string?) NoConsole = ("Gateway:Console:Enabled", "false");

    [Fact]
    [ProvesSetting("Gateway:Console:Enabled")]
    public async Task Browser_GetsAPage_WhoseLinksLeadSomewhere()
    {
        await using var gateway = GatewayHost.Start(settings: NoConsole);
        using var client = gateway.CreateClient();

        using var answer = await AskAsync(client, Browser);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("<strong>ready</strong>", page, StringComparison.Ordinal);
        Assert.Contains("The console is switched off (Gateway:Console:Enabled).", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var links = Link().Matches(page).Select(link => link.Groups[1].Value).ToList();
        Assert.Equal(3, links.Count);
        foreach (var link in links)
        {
            // Relative: a proxy may have a prefix in front.
            Assert.False(link.StartsWith('/'));
            using var there = await client.GetAsync("/" + link);
            Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        }
    }

    [Fact]
    public async Task Upstream_ThatDoesNotAnswer_IsToldOf()
    {
        await using var gateway = GatewayHost.Start(Nobody.At(), NoConsole);
        using var client = gateway.CreateClient();

        using var answer = await AskAsync(client, Browser);

        Assert.Contains("<strong>the upstream does not answer</strong>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("no type")]
    public async Task Program_GetsWhatUnknownPathsGet(string accept)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        Assert.Equal(404, (int)(await Answer.OfAsync(client, request)).HasTheApisShape().Http);
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string accept) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Accept", accept } } });

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Link();
}
