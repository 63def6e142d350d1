using System.Net;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Support.StreamTesting;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Hosting;

/// <summary>What connections may cost that do nothing.</summary>
public sealed class ConnectionLimitTests
{
    [Fact]
    [ProvesSetting("Gateway:Limits:MaxConnections")]
    public async Task Connection_OverTheLimit_IsClosed()
    {
        await using var gateway = GatewayHost.Start(null, ("Gateway:Limits:MaxConnections", "1"));
        using var first = await RawHttp.ConnectAsync(gateway.Address);
        await first.Client.SendAsync("GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        Assert.True(await RawHttp.ReadAsync(first) > 0);

        using var second = await RawHttp.ConnectAsync(gateway.Address);

        Assert.Equal(0, await RawHttp.ReadAsync(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [ProvesSetting("Gateway:Limits:IdleConnectionTimeout")]
    public async Task Connection_WithoutARequest_IsClosed(bool http2)
    {
        await using var gateway = GatewayHost.Start(null, ("Gateway:Limits:IdleConnectionTimeout", "00:00:00.5"));
        using var client = await RawHttp.ConnectAsync(http2 ? gateway.GrpcAddress : gateway.Address);

        // The preface and empty SETTINGS (RFC 9113, section 3.4), or one request.
        await client.Client.SendAsync(http2
            ? "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray()
            : "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        Assert.True(await RawHttp.ReadAsync(client) > 0);

        while (await RawHttp.ReadAsync(client) > 0)
        {
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [ProvesSetting("Gateway:Limits:MinBodyBytesPerSecond")]
    public async Task Body_ThatComesTooSlowly_IsBrokenOff(bool grpc)
    {
        await using var gateway = GatewayHost.Start(null, ("Gateway:Limits:MinBodyBytesPerSecond", "1000000"));
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.GrpcAddress, grpc ? "/clarifai.api.V2/PostModelOutputs" : "/v2/models/m/outputs"))
        {
            Content = body,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (grpc)
        {
            body.Headers.Add("content-type", "application/grpc");
        }

        var sending = client.SendAsync(request);
        await body.WriteAsync("\0\0\0\0\u0010begun");

        var answer = await Record.ExceptionAsync(async () =>
        {
            using var response = await sending.WaitAsync(Limit);
            Assert.NotEqual("0", response.TrailingHeaders.Concat(response.Headers).FirstOrDefault(header => header.Key == "grpc-status").Value?.Single());
            Assert.True(grpc || !response.IsSuccessStatusCode);
        });

        Assert.True(answer is null or HttpRequestException or TaskCanceledException, answer?.ToString());
    }
}
