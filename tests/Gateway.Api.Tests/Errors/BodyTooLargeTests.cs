using System.Net;
using System.Text;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Errors;

/// <summary>A body over the limit is not read to its end, so its connection serves nothing else: HTTP/1.1 says so, HTTP/2 has no need to.</summary>
public sealed class BodyTooLargeTests
{
    [Theory]
    [InlineData("/v2/models/m/outputs", false)]
    [InlineData("/v2/models/m/outputs", true)]
    [InlineData("/v2/models/text-generator/methods/predict", false)]
    [InlineData("/v2/ext/openai/v1/chat/completions", false)]
    [InlineData("/v2/ext/mcp/v1/models/tool-server", false)]
    public async Task Http11_BodyTooLarge_ClosesTheConnection(string path, bool chunked)
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Limits:MaxBodyBytes", "1000"));
        using var client = gateway.CreateClientWithKey();
        using var request = Request(path);
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.True(answer.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Http2_BodyTooLarge_LeavesTheConnection()
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Limits:MaxBodyBytes", "1000"));
        using var client = gateway.CreateClientWithKey();
        using var request = Request(new Uri(gateway.GrpcAddress, "/v2/models/m/outputs").ToString());
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);

        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.Null(answer.Headers.ConnectionClose);
    }

    [Fact]
    public async Task Http11_BodyAtTheLimit_IsReadAndKeepsTheConnection()
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Limits:MaxBodyBytes", "1000"));
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/text-embedder/outputs") { Content = new StringContent("{}" + new string(' ', 998)) };

        using var answer = await client.SendAsync(request);

        Assert.NotEqual(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Null(answer.Headers.ConnectionClose);
    }

    private static HttpRequestMessage Request(string address) =>
        new(HttpMethod.Post, address) { Content = new StringContent("{}" + new string(' ', 999), Encoding.UTF8, "application/json") };
}
