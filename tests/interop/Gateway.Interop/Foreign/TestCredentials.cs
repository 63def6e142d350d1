using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Interop.Foreign;

/// <summary>The certificates of gRPC's own tests, which the foreign programs know; valid until March 2030.</summary>
/// <param name="folder">Where <c>ca.pem</c>, <c>server1.pem</c> and <c>server1.key</c> are.</param>
internal sealed class TestCredentials(string folder)
{
    /// <summary>A name that the server's certificate holds.</summary>
    public const string ServerName = "foo.test.google.fr";

    /// <summary>The certificate of every interop server.</summary>
    public X509Certificate2 Server { get; } =
        X509Certificate2.CreateFromPemFile(Path.Combine(folder, "server1.pem"), Path.Combine(folder, "server1.key"));

    /// <summary>Has a client trust the tests' authority alone.</summary>
    public SslClientAuthenticationOptions Client { get; } = new()
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
