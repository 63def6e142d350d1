using System.Security.Cryptography;
using System.Text;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Core.Upstream;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using Microsoft.AspNetCore.TestHost;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>Keys and PATs come out nowhere: not in logs at any level, not in answers.</summary>
public sealed class SecretTests
{
    private const string Key = "canary-gateway-key";
    private const string Token = "canary-pat";

    [Fact]
    public void Pat_AsText_ShowsNothing() => Assert.DoesNotContain(Token, new Pat(Token).ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task Calls_OfEveryOutcome_PrintNoSecret()
    {
        var failing = false;
        await using var upstream = await RecordingUpstream.StartAsync((GrpcServerHandler)(_ =>
            failing ? throw new InvalidOperationException("broken on purpose") : Task.FromResult(new GrpcStatus(GrpcStatusCode.Unauthenticated, "no"))));
        using var everything = new EverythingLogged();
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            host => host.ConfigureTestServices(services => services.AddRecorder(everything)),
            [
                ("Gateway:Tenants:kitchen:KeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
                ("Gateway:Tenants:kitchen:Pat", Token), .. RecordedLog.Everything,
            ]);
        var answers = new StringBuilder();

        foreach (var (key, path, fails) in new[]
        {
            (Key, "/v2/models", false), (Key, "/v2/models", true), (Key + "x", "/v2/models", false), (Key, "/v2/nothing", false), (Key, "/v2/models?page=x", false),
        })
        {
            failing = fails;
            using var client = gateway.CreateClientWithKey(key);
            using var response = await client.GetAsync(path);
            answers.Append(response).Append(await response.Content.ReadAsStringAsync());
        }

        Assert.Contains(everything.Lines, line => line.Contains("kitchen", StringComparison.Ordinal));
        Assert.DoesNotContain("canary", string.Join('\n', everything.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", answers.ToString(), StringComparison.Ordinal);
    }

    /// <summary>An upstream may repeat the token in what it says of a failure: as a status of gRPC, in a message, or in one of several.</summary>
    [Theory]
    [InlineData("GET", "/v2/models", null)]
    [InlineData("POST", "/v2/models/m/outputs", "{}")]
    [InlineData("POST", "/v2/models/m/outputs/generate", "{}")]
    [InlineData("POST", "/v2/models/m/outputs/stream", "{}")]
    [InlineData("POST", "/v2/models/m/methods/predict", "{}")]
    [InlineData("GET", "/v2/ext/openai/v1/models/m", null)]
    [InlineData("POST", "/v2/ext/openai/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"x"}]}""")]
    [InlineData("POST", "/v2/ext/mcp/v1/models/m", """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""")]
    public async Task Upstream_RepeatsTheToken_ItIsMasked(string verb, string path, string? body)
    {
        var inMessage = false;
        var echo = $"the token {Token} is none";
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            if (!inMessage)
            {
                return new GrpcStatus(GrpcStatusCode.Internal, echo);
            }

            await call.WriteAsync(new MultiOutputResponse { Status = new() { Code = StatusCode.ConnKeyInvalid, Description = "x", Details = echo } }.ToByteArray());
            return GrpcStatus.DefaultSuccess;
        });
        using var everything = new EverythingLogged();
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            host => host.ConfigureTestServices(services => services.AddRecorder(everything)),
            [
                ("Gateway:Tenants:kitchen:KeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
                ("Gateway:Tenants:kitchen:Pat", Token), ("Gateway:Upstream:Ejection:Faults", "1"), .. RecordedLog.Everything,
            ]);
        using var client = gateway.CreateClientWithKey(Key);

        foreach (var place in new[] { false, true })
        {
            inMessage = place;
            using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Content = body is null ? null : new StringContent(body) };
            using var response = await client.SendAsync(request);
            var answer = await response.Content.ReadAsStringAsync();

            Assert.Contains("the token ********** is none", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", answer, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("canary", string.Join('\n', everything.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Sockets_KeyAmongTheSubprotocols_IsPrintedNowhere(string version)
    {
        await using var upstream = await RecordingUpstream.StartAsync(TwoWay.EchoAsync);
        using var everything = new EverythingLogged();
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            host => host.ConfigureTestServices(services => services.AddRecorder(everything)),
            [
                ("Gateway:Tenants:kitchen:KeySha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))),
                ("Gateway:Tenants:kitchen:Pat", Token), .. RecordedLog.Everything,
            ]);

        using (var client = await SocketClient.OpenAsync(gateway, version, TwoWay.Stream, ("Sec-WebSocket-Protocol", $"clarifai.key.{Key}")))
        {
            await client.EndAsync();
            Assert.Equal(1000, (await client.RestAsync()).Code);
        }

        await SocketClient.RefusalAsync(gateway, version, TwoWay.Stream, ("Sec-WebSocket-Protocol", $"clarifai.key.{Key}x"));
        await SocketClient.RefusalAsync(gateway, version, "/v2/models/%FF/outputs/stream", ("Sec-WebSocket-Protocol", $"clarifai.key.{Key}"));

        Assert.Contains(everything.Lines, line => line.Contains("kitchen", StringComparison.Ordinal));
        Assert.DoesNotContain("canary", string.Join('\n', everything.Lines), StringComparison.Ordinal);
    }
}
