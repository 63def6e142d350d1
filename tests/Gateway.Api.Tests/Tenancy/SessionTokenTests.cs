using System.Net;
using System.Security.Cryptography;
using System.Text;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.Grpc;
using Gateway.Api.Tests.Faces.Methods;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>A session's token is a credential like a key: it goes through where keys do, and nowhere else.</summary>
public sealed class SessionTokenTests
{
    private const string Header = "X-Clarifai-Session-Token";
    private const string Key = "x-clarifai-session-token";
    private const string Token = "canary-session";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PassThrough_CarriesIt_WithOrWithoutAKey(bool withKey)
    {
        Metadata? seen = null;
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            seen = call.Headers;
            return StreamTesting.Response("x");
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = ClientOf(gateway, Token);
        if (withKey)
        {
            client.DefaultRequestHeaders.Add("Authorization", "Key mine");
        }

        var answer = await Answer.OfAsync(client, "POST", "/v2/models/m/outputs", "{}");
        Assert.Equal(HttpStatusCode.OK, answer.Http);
        Assert.Equal((Token, withKey ? "Key mine" : null), (seen!.GetValue(Header), seen.GetValue("authorization")));

        // With the next request of the connection comes another, or none.
        client.DefaultRequestHeaders.Remove(Header);
        answer = await Answer.OfAsync(client, "POST", "/v2/models/m/outputs", "{}");
        Assert.Equal(withKey ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, answer.Http);
        Assert.Equal(withKey ? null : Token, seen!.GetValue(Header));
    }

    [Fact]
    public async Task PassThrough_OverGrpc_CarriesItAlone()
    {
        Metadata? seen = null;
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            seen = call.Headers;
            return StreamTesting.Response("x");
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        await using var channel = new RawChannel(gateway.GrpcAddress);

        var result = await channel.UnaryAsync(
            GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options(null, (Key, Token)));

        Assert.Equal(GrpcStatus.DefaultSuccess, result.Status);
        Assert.Equal([Token], seen!.Where(entry => entry.Key == Key).Select(entry => entry.Value));
        Assert.Null(seen!.GetValue("authorization"));
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.Unauthorized)]
    [InlineData("gateway-key", null, HttpStatusCode.OK)]
    [InlineData(null, "default", HttpStatusCode.OK)]
    public async Task Tenants_NeverLetItCross(string? key, string? keyless, HttpStatusCode status)
    {
        Metadata? seen = null;
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            seen = call.Headers;
            return StreamTesting.Response("x");
        });
        List<(string, string?)> settings =
        [
            ("Gateway:Tenants:kitchen:KeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("gateway-key")))), ("Gateway:Tenants:kitchen:Pat", "pat"),
        ];
        if (keyless is not null)
        {
            settings.AddRange([($"Gateway:Tenants:{keyless}:Pat", "pat"), ($"Gateway:Tenants:{keyless}:Keyless", "true")]);
        }

        await using var gateway = GatewayHost.Start(upstream.Address, [.. settings]);
        using var client = ClientOf(gateway, Token);
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add("Authorization", $"Key {key}");
        }

        var answer = await Answer.OfAsync(client, "POST", "/v2/models/m/outputs", "{}");

        Assert.Equal(status, answer.Http);
        Assert.Equal(status == HttpStatusCode.OK ? "Key pat" : null, seen?.GetValue("authorization"));
        Assert.Null(seen?.GetValue(Header));
    }

    [Theory]
    [InlineData("one", "two")]
    [InlineData("")]
    [InlineData("with a blank")]
    public async Task Token_ThatIsNone_IsRefused(params string[] values)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation(Header, values);

        var answer = (await Answer.OfAsync(client, "GET", "/v2/models")).HasTheApisShape();

        Assert.Equal((HttpStatusCode.Unauthorized, (int)StatusCode.ConnKeyInvalid), (answer.Http, answer.Code));
        Assert.Equal("X-Clarifai-Session-Token must be one token of visible ASCII characters, once.", answer.Details);
    }

    [Fact]
    public async Task Methods_OfOneSession_AreNotForAnother()
    {
        await using var upstream = await MethodUpstream.StartAsync(
            MethodUpstream.Signature("predict", [MethodUpstream.Field("prompt", DataType.Str)], [MethodUpstream.Field("return", DataType.Str)]));
        await using var gateway = GatewayHost.Start(upstream.Address);

        foreach (var token in new[] { "one", "two", "one" })
        {
            using var client = ClientOf(gateway, token);
            using var answer = await client.GetAsync("/v2/models/m/methods");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(2, upstream.Rpcs.Count(rpc => rpc == "GetModel"));
    }

    [Fact]
    public async Task Stream_OfOneSession_IsNotGivenBackToAnother()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await StreamTesting.WriteAsync(call, "one");
            await StreamTesting.WriteAsync(call, "two");
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);

        async Task<HttpStatusCode> AskAsync(string token, string? lastEventId)
        {
            using var client = ClientOf(gateway, token);
            client.DefaultRequestHeaders.Add("X-Request-ID", "request-7");
            client.DefaultRequestHeaders.Add("X-Resume-Window", "30");
            if (lastEventId is not null)
            {
                client.DefaultRequestHeaders.Add("Last-Event-ID", lastEventId);
            }

            using var answer = await client.PostAsync(StreamTesting.Generate, new StringContent("{}"));
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync("one", null));
        Assert.Equal(HttpStatusCode.Gone, await AskAsync("two", "1"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync("one", "1"));
    }

    [Fact]
    public async Task Token_IsPrintedNowhere()
    {
        using var log = new LogRecorder(LogLevel.Trace);
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            foreach (var entry in call.RequestHeaders.Where(entry => !entry.IsBinary))
            {
                call.ResponseHeaders.Add(entry.Key == Key ? entry.Key : "x-other", entry.Value);
            }

            await StreamTesting.WriteAsync(call, "x");
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            host => host.ConfigureTestServices(services => services.AddRecorder(log)),
            RecordedLog.Everything);
        using var client = ClientOf(gateway, Token);
        await using var channel = new RawChannel(gateway.GrpcAddress);

        var answers = new StringBuilder();
        foreach (var path in new[] { "/v2/models", "/v2/models?page=x", "/v2/nothing" })
        {
            using var answer = await client.GetAsync(path);
            answers.Append(answer).Append(await answer.Content.ReadAsStringAsync());
        }

        var result = await channel.UnaryAsync(
            GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options(null, (Key, Token)));

        Assert.DoesNotContain("canary", Gateway.Core.Upstream.Pat.OfSession(null, Token).ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(log.Entries);
        Assert.DoesNotContain("canary", string.Join('\n', log.Entries), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", answers.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(result.Headers, entry => entry.Key == Key);
    }

    private static HttpClient ClientOf(GatewayHost gateway, string token)
    {
        var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Add(Header, token);
        return client;
    }
}
