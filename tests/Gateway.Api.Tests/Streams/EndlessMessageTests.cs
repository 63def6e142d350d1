using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Support.TwoWay;

namespace Gateway.Api.Tests.Streams;

/// <summary>Messages that have no end: they stop being read at the limit, for the answer comes while they are still being sent.</summary>
public sealed class EndlessMessageTests
{
    private const int MaxBytes = 1000;
    private const string Begun = """{"inputs":[{"data":{"text":{"raw":" """;

    [Theory]
    [InlineData("1.1", Begun, 'a')]
    [InlineData("2.0", Begun, 'a')]
    [InlineData("1.1", "{", ' ')]
    [InlineData("2.0", "{", ' ')]
    public async Task Body_SecondMessageHasNoEnd_IsRefusedAndTheCallCancelled(string version, string begun, char filling)
    {
        var end = new TaskCompletionSource<string>();
        await using var upstream = await RecordingUpstream.StartAsync(call => DrainAsync(call, end));
        await using var gateway = Start(upstream);

        var (status, answer) = await AnswerAsync(gateway, version, TwoWay.Stream, "application/json", Json("one") + begun + new string(filling, MaxBytes));

        Assert.Equal(413, status);
        Assert.Contains("\"Message 2: The message is over the limit of 1000 bytes.\"", answer, StringComparison.Ordinal);
        Assert.Equal("cancelled", await end.Task.WaitAsync(Limit));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Socket_SecondMessageHasNoEnd_IsRefusedAndTheCallCancelled(string version)
    {
        var end = new TaskCompletionSource<string>();
        await using var upstream = await RecordingUpstream.StartAsync(call => DrainAsync(call, end));
        await using var gateway = Start(upstream);
        using var client = await SocketClient.OpenAsync(gateway, version);

        await client.SendAsync(Json("one"));
        await client.SendAsync(Begun, end: false);
        await client.SendAsync(new string('a', MaxBytes), end: false);
        var last = await client.NextAsync();
        var (rest, code, _) = await client.RestAsync();

        Assert.Equal("error 40033", Brief(last));
        Assert.Equal("Message 2: The message is over the limit of 1000 bytes.", (string?)last!["status"]!["details"]);
        Assert.Empty(rest);
        Assert.Equal(1009, code);
        Assert.Equal("cancelled", await end.Task.WaitAsync(Limit));
    }

    [Theory]
    [InlineData("1.1", "/v2/models/m/outputs", "application/json")]
    [InlineData("2.0", "/v2/models/m/outputs", "application/json")]
    [InlineData("1.1", "/v2/models/m/outputs", "image/png")]
    [InlineData("2.0", "/v2/models/m/outputs", "image/png")]
    [InlineData("1.1", StreamTesting.Generate, "application/json")]
    [InlineData("2.0", StreamTesting.Generate, "application/json")]
    public async Task Body_OfOneMessageThatHasNoEnd_IsRefused(string version, string path, string type)
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => Task.FromResult(GrpcStatus.DefaultSuccess));
        await using var gateway = Start(upstream);

        var (status, answer) = await AnswerAsync(gateway, version, path, type, Begun + new string('a', MaxBytes));

        Assert.Equal(413, status);
        Assert.Contains("40033", answer, StringComparison.Ordinal);
    }

    private static GatewayHost Start(RecordingUpstream upstream) =>
        GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxBodyBytes", $"{MaxBytes}"));

    /// <summary>What is answered to a body that has begun and goes on for ever.</summary>
    private static Task<(int Status, string Answer)> AnswerAsync(GatewayHost gateway, string version, string path, string type, string text) =>
        version == "2.0" ? AnswerOverHttp2Async(gateway, path, type, text) : AnswerOverHttp11Async(gateway, path, type, text);

    private static async Task<(int Status, string Answer)> AnswerOverHttp2Async(GatewayHost gateway, string path, string type, string text)
    {
        using var client = gateway.CreateClientWithKey();
        using var body = new PushedContent();
        body.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var request = Request(gateway, client, HttpVersion.Version20, body, path);
        var sending = SendAsync(client, request);
        await body.WriteAsync(text);
        using var response = await sending;
        var answer = await response.Content.ReadAsStringAsync().WaitAsync(Limit);
        body.End();
        return ((int)response.StatusCode, answer);
    }

    // The platform's client reads nothing over HTTP/1.1 before its body is sent.
    private static async Task<(int Status, string Answer)> AnswerOverHttp11Async(GatewayHost gateway, string path, string type, string text)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{text.Length:x}\r\n{text}\r\n"));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("}}", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(Limit);
            Assert.NotEqual(0, read);
            answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return (int.Parse(answer.ToString("HTTP/1.1 ".Length, 3), System.Globalization.CultureInfo.InvariantCulture), answer.ToString());
    }
}
