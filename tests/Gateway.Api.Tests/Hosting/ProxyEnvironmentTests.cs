using System.Net;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Hosting;

/// <summary>Proxies on the way to the upstream, as environment variables name them for other programs: there are none for the gateway.</summary>
public sealed class ProxyEnvironmentTests
{
    [Theory]
    [InlineData("http_proxy")]
    [InlineData("all_proxy")]
    public async Task Upstream_IsCalledDirectly(string variable)
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => StreamTesting.Response("x"));
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address, new Dictionary<string, string> { [variable] = "http://127.0.0.1:1", ["no_proxy"] = "" });
        using var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Add("Authorization", "Key k");

        var answer = await Answer.OfAsync(client, "POST", "/v2/models/m/outputs", "{}");

        Assert.Equal(HttpStatusCode.OK, answer.Http);
    }
}
