using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Gateway.Testing;

namespace Gateway.Grpc.Tests.Calls;

public sealed class TlsTests
{
    [Fact]
    public async Task Https_TrustedCertificate_Works()
    {
        using X509Certificate2 certificate = TestCertificate.CreateForLoopback();
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.Add(certificate);
        var options = new GrpcChannelOptions { Tls = new SslClientAuthenticationOptions { CertificateChainPolicy = chain } };

        (GrpcStatus status, string scheme) = await CallAsync(certificate, options);

        Assert.Equal(GrpcStatus.OK, status);
        Assert.Equal("https", scheme);
    }

    [Fact]
    public async Task Https_UntrustedCertificate_IsUnavailable()
    {
        using X509Certificate2 certificate = TestCertificate.CreateForLoopback();

        (GrpcStatus status, _) = await CallAsync(certificate, new GrpcChannelOptions());

        Assert.Equal(
            new GrpcStatus(GrpcStatusCode.Unavailable, "upstream unreachable: the TLS handshake failed") { IsConnectionFailure = true, IsUnprocessed = true },
            status);
    }

    private static async Task<(GrpcStatus Status, string Scheme)> CallAsync(X509Certificate2 certificate, GrpcChannelOptions options)
    {
        await using GrpcPair pair = await GrpcPair.StartAsync(
            async call =>
            {
                await call.WriteAsync(Bytes.Of("safe"));
                return GrpcStatus.OK;
            },
            options,
            certificate: certificate);
        using UnaryResult result = await pair.Channel.UnaryAsync(GrpcPair.Path, Bytes.Of("x"), default);
        return (result.Status, pair.Channel.Address.Scheme);
    }
}
