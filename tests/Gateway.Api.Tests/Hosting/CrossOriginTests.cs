using System.Net;
using Gateway.Api.Configuration;
using Gateway.Api.Hosting;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Hosting;

/// <summary>What a browser asks before a page of another origin may use the gateway, and what it looks at afterwards (WHATWG Fetch, 3.2).</summary>
public sealed class CrossOriginTests
{
    private const string Origin = "https://app.example.com";

    [Theory]
    [InlineData("/v2/models/m/outputs", "POST", "authorization,content-type,x-request-id,x-request-timeout,x-resume-window,last-event-id")]
    [InlineData("/v2/inputs", "DELETE", "authorization")]
    [InlineData("/clarifai.api.V2/PostModelOutputs", "POST", "authorization,content-type,grpc-timeout,x-grpc-web,x-user-agent")]
    public async Task Preflight_OfAConfiguredOrigin_IsAllowed(string path, string method, string headers)
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Cors:Origins:0", Origin));
        using var client = gateway.CreateClient();

        using var response = await PreflightAsync(client, path, method, headers);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal(method, Header(response, "Access-Control-Allow-Methods"));
        Assert.Equal(headers.Split(','), Header(response, "Access-Control-Allow-Headers")?.Split(','));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Preflight_NotConfigured_IsNotAllowed()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();

        using var response = await PreflightAsync(client, "/v2/models/m/outputs", "POST", "authorization");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(Origin, "https://app.example.com", "https://app.example.com")]
    [InlineData(Origin, "https://evil.example.com", null)]
    [InlineData(Origin, "http://app.example.com", null)]
    [InlineData(Origin, "https://app.example.com:8443", null)]
    [InlineData(Origin, "null", null)]
    [InlineData("*", "https://anywhere.example.com", "*")]
    [InlineData(null, "https://app.example.com", null)]
    [ProvesSetting("Gateway:Cors:Origins:0")]
    public async Task Answer_SaysWhoMayRead(string? configured, string origin, string? allowed)
    {
        await using var gateway = GatewayHost.Start(settings: configured is null ? [] : [("Gateway:Cors:Origins:0", configured)]);
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("Origin", origin);

        using var response = await client.GetAsync("/v2/models");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(allowed, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal(allowed is null ? null : "*", Header(response, "Access-Control-Expose-Headers"));
    }

    [Theory]
    [InlineData("/v2/models", HttpStatusCode.Unauthorized)]
    [InlineData("/v2/nothing", HttpStatusCode.NotFound)]
    public async Task Refusal_CanBeRead(string path, HttpStatusCode status)
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Cors:Origins:0", Origin));
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.Add("Origin", Origin);

        using var response = await client.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(Origin, Header(response, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("https://app.example.com", true)]
    [InlineData("http://localhost:5173", true)]
    [InlineData("*", true)]
    [InlineData("https://app.example.com/", false)]
    [InlineData("https://app.example.com:443", false)]
    [InlineData("https://*.example.com", false)]
    [InlineData("app.example.com", false)]
    [InlineData("", false)]
    public void Origins_WhatNoBrowserSends_IsRefused(string origin, bool valid)
    {
        var options = new GatewayOptions { Cors = new CorsOptions { Origins = [origin] } };

        Assert.Equal(valid ? [] : ["Gateway:Cors:Origins:0 is an origin, as in https://app.example.com, or *."], GatewayOptionsValidator.Faults(options));
    }

    private static async Task<HttpResponseMessage> PreflightAsync(HttpClient client, string path, string method, string headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", Origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", headers);
        return await client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
