using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Interop.Foreign;

/// <summary>The certificates of gRPC's own tests, which the foreign servers have; valid until March 2030.</summary>
/// <param name="folder">Where <c>ca.pem</c> is.</param>
internal sealed class TestCredentials(string folder)
{
    // A name that the server's certificate holds.
    private const string ServerName = "foo.test.google.fr";

    /// <summary>Has a client trust the tests' authority alone.</summary>
    public SslClientAuthenticationOptions Client() => new()
    {
        RemoteCertificateValidationCallback = IsServer,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "ca.pem")) },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    // The address names no host that the certificate holds, and HttpClient looks for no other: look for the name here.
    private static bool IsServer(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is X509Certificate2 presented && presented.MatchesHostname(ServerName) && errors is SslPolicyErrors.RemoteCertificateNameMismatch;
}
