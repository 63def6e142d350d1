using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream.Retries;
using Gateway.Testing;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Calls;

public sealed class TlsTests
{
    [Fact]
    public async Task Certificate_Trusted_Works()
    {
        using var certificate = TestCertificate.CreateForLoopback();
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.Add(certificate);
        var options = new ChannelOptions { Tls = () => new SslClientAuthenticationOptions { CertificateChainPolicy = chain } };

        Assert.All(await CallAsync(certificate, options), reply => Assert.Equal(Outcome.OK, reply.Outcome));
    }

    [Fact]
    public async Task Certificate_Untrusted_IsUnreachable()
    {
        using var certificate = TestCertificate.CreateForLoopback();

        Assert.All(
            await CallAsync(certificate, new ChannelOptions()), reply => Assert.Equal(Outcome.Unreachable("the TLS handshake failed"), reply.Outcome));
    }

    /// <summary>What is wrong with a certificate is the operator's to know.</summary>
    [Theory]
    [InlineData("untrusted", "comes from nobody that is trusted")]
    [InlineData("expired", "has expired, or is not valid yet")]
    [InlineData("other", "is for another name")]
    public async Task Certificate_NotRight_LogSaysWhyAndTheStatusDoesNot(string kind, string why)
    {
        using var certificate = kind switch
        {
            "expired" => TestCertificate.CreateExpired(),
            "other" => TestCertificate.CreateForAnotherHost(),
            _ => TestCertificate.CreateForLoopback(),
        };
        await using var server = await TestServer.StartAsync(_ => { }, certificate: certificate);
        await using var upstream = new UpstreamFixture([[server.Address]], new RetryOptions { MaxAttempts = 1 });

        using var result = await upstream.CallAsync();

        Assert.Equal("upstream unreachable: the TLS handshake failed", result.Outcome.Message);
        var line = Assert.Single(upstream.Log.Entries);
        Assert.Contains("the TLS handshake failed: its certificate ", line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
    }

    private static async Task<Reply[]> CallAsync(X509Certificate2 certificate, ChannelOptions options)
    {
        await using var pair = await UpstreamPair.StartAsync(
            async call =>
            {
                await call.WriteAsync("safe"u8.ToArray());
                return call.HttpContext.Request.IsHttps ? Status.DefaultSuccess : new Status(StatusCode.Internal, "not safe");
            },
            options,
            certificate);
        return await pair.Upstream.CallEveryKindAsync();
    }
}
