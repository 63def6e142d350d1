using Gateway.Api.Http;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Http;

/// <summary>Paths that routing and binding could read as two.</summary>
public sealed class DotSegmentTests
{
    [Theory]
    [InlineData("GET", "/v2/models/foreign/../own", "\"status\":{\"code\":11100")]
    [InlineData("GET", "/v2/models/./own", "\"status\":{\"code\":11100")]
    [InlineData("GET", "/v2/models/foreign/%2e%2E/own", "\"status\":{\"code\":11100")]
    [InlineData("GET", "/v2/models/foreign/.%2e/own", "\"status\":{\"code\":11100")]
    [InlineData("GET", "/v2/models/own/..", "\"status\":{\"code\":11100")]
    [InlineData("GET", "http://gateway/v2/models/foreign/../own", "\"status\":{\"code\":11100")]
    [InlineData("POST", "/v2/users/u/apps/a/models/foreign/%2e./own/outputs", "\"status\":{\"code\":11100")]
    [InlineData("POST", "/v2/ext/openai/v1/x/../chat/completions", "{\"error\":{\"type\":\"invalid_request_error\"")]
    [InlineData("POST", "/v2/ext/mcp/v1/models/foreign/../own", "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\"")]
    public async Task Path_WithDotSegment_IsRefusedInTheShapeOfItsFace(string verb, string path, string shape)
    {
        await using var gateway = GatewayHost.Start();

        var answer = await RawHttp.ExchangeAsync(
            gateway.Address, $"{verb} {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains(shape, answer, StringComparison.Ordinal);
        Assert.Contains("The path has a segment '.' or '..'", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", false)]
    [InlineData("", false)]
    [InlineData("/a/...", false)]
    [InlineData("/a/.b/c./v1.2/..d", false)]
    [InlineData("/a%2F..%2Fb", false)]
    [InlineData("/a/%252e%252e/b", false)]
    [InlineData("/.", true)]
    [InlineData("/a/..", true)]
    [InlineData("/%2e/a", true)]
    [InlineData("/a/%2E%2e/", true)]
    public void Segment_ThatIsOneDotOrTwo_IsFound(string path, bool found) => Assert.Equal(found, RawPath.HasDotSegment(path));

    /// <summary>Targets that are no path have none (RFC 9112, 3.2).</summary>
    [Theory]
    [InlineData("OPTIONS", "*")]
    [InlineData("GET", "http://gateway")]
    [InlineData("GET", "http://gateway?x=/../y")]
    public async Task Target_WithoutPath_IsNotFound(string verb, string target)
    {
        await using var gateway = GatewayHost.Start();

        var answer = await RawHttp.ExchangeAsync(gateway.Address, $"{verb} {target} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
    }
}
