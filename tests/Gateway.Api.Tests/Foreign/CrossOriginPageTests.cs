using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Foreign;

/// <summary>Streams as a page of another origin reads them, in Chromium: only when the configuration lets it.</summary>
public sealed class CrossOriginPageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_NeedsItsOriginConfigured(bool configured)
    {
        var firstArrived = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            await firstArrived.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var site = await StartSiteAsync();
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Cors:Origins:0", OriginOf(site, configured)));
        await using var page = await BrowserPage.FetchAsync(site.Address, new Uri(gateway.Address, Generate));

        var response = await page.NextAsync();
        if (!configured)
        {
            Assert.Equal("TypeError", (string?)response["failure"]);
            return;
        }

        await page.ReadToAsync("one");
        firstArrived.SetResult();
        await page.ReadToAsync("event: done");
        Assert.Equal((200, "page"), ((int)response["status"]!, (string?)response["requestId"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EventSource_NeedsItsOriginConfigured(bool configured)
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await WriteAsync(call, "one");
            return GrpcStatus.DefaultSuccess;
        });
        await using var site = await StartSiteAsync();
        await using var gateway = GatewayHost.Start(
            upstream.Address, BrowserTests.Keyless, ("Gateway:Cors:Origins:0", OriginOf(site, configured)));
        await using var page = await BrowserPage.ListenAsync(site.Address, new Uri(gateway.Address, BrowserTests.Logs));

        var first = await page.NextAsync();

        Assert.Equal((configured ? "message" : "error", configured), ((string?)first["event"], first["data"] is not null));
    }

    /// <summary>What a page may send without asking must not run on the token of the tenant that needs no key, whether or not it sees the answer.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_WithoutKeyAndPreflight_NeedsItsOriginConfigured(bool configured)
    {
        var calls = 0;
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            calls++;
            await WriteAsync(call, "one");
            return GrpcStatus.DefaultSuccess;
        });
        await using var site = await StartSiteAsync();
        await using var gateway = GatewayHost.Start(
            upstream.Address, BrowserTests.Keyless, ("Gateway:Cors:Origins:0", OriginOf(site, configured)));
        await using var page = await BrowserPage.FetchAsync(site.Address, new Uri(gateway.Address, Generate), keyless: true);

        var response = await page.NextAsync();

        Assert.Equal((configured ? 200 : null, configured ? 1 : 0), ((int?)response["status"], calls));
        Assert.Equal(configured ? null : "TypeError", (string?)response["failure"]);
    }

    private static Task<TestServer> StartSiteAsync() => TestServer.StartAsync(app => app.MapGet("/", () => "A page."), HttpProtocols.Http1);

    private static string OriginOf(TestServer site, bool configured) =>
        configured ? site.Address.GetLeftPart(UriPartial.Authority) : "https://elsewhere.example.com";
}
