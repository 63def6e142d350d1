using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;

namespace Gateway.Api.Tests.Errors;

/// <summary>What the server refuses before there is a request.</summary>
public sealed class RejectedRequestTests
{
    [Theory]
    [InlineData(400, "GET\r\n\r\n")]
    [InlineData(400, "GET /canary HTTP/1.1\r\n\r\n")]
    [InlineData(400, "GET /canary%00 HTTP/1.1\r\nHost: gateway\r\n\r\n")]
    [InlineData(400, "GET /canary HTTP/1.1\r\nHost: gateway\r\nno header\r\n\r\n")]
    [InlineData(400, "CONNECT canary:80 HTTP/1.1\r\nHost: gateway\r\n\r\n")]
    [InlineData(414, "GET /canary{10000} HTTP/1.1\r\nHost: gateway\r\n\r\n")]
    [InlineData(431, "GET /v2/models HTTP/1.1\r\nHost: gateway\r\nX-Canary: {40000}\r\n\r\n")]
    [InlineData(505, "GET /canary HTTP/3.7\r\nHost: gateway\r\n\r\n")]
    public async Task Request_ThatIsNone_HasTheApisShapeAnIdAndALine(int status, string text)
    {
        var log = new LogRecorder(LogLevel.Information);
        await using var gateway = GatewayHost.Start(null, host => host.ConfigureTestServices(services => services.AddRecorder(log)));
        text = text.Replace("{10000}", new string('a', 10_000), StringComparison.Ordinal).Replace("{40000}", new string('a', 40_000), StringComparison.Ordinal);

        var answer = await RawHttp.ExchangeAsync(gateway.Address, text);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        var id = answer.Split("X-Request-ID: ")[1].Split("\r\n")[0];
        Assert.Contains("{\"status\":{\"code\":11100,", answer, StringComparison.Ordinal);
        Assert.EndsWith($"\"req_id\":\"{id}\"}}}}", answer, StringComparison.Ordinal);
        Assert.Single(log.Entries, entry => entry.Contains($" {status} ", StringComparison.Ordinal) && entry.Contains(id, StringComparison.Ordinal));
        Assert.DoesNotContain(log.Entries, entry => entry.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task HeadRequest_ThatIsRefused_HasAnAnswerWithoutContent()
    {
        await using var gateway = GatewayHost.Start();

        var answer = await RawHttp.ExchangeAsync(gateway.Address, "HEAD /v2/models HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked, gzip\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }
}
