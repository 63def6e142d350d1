using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// Takes the certificates that the platform finds right, and says in words what is wrong with another one. One handshake each.
/// </summary>
internal sealed class CertificateCheck
{
    private const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>What is wrong; null when nothing is, or when no certificate came.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether a certificate is right.</summary>
    /// <param name="chain">The chain that was built for it; null for none.</param>
    /// <param name="errors">What the platform found.</param>
    public bool Accepts(X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        Fault = "its certificate " + string.Join(", and ", Faults(errors, chain).DefaultIfEmpty("is not valid"));
        return false;
    }

    private static IEnumerable<string> Faults(SslPolicyErrors errors, X509Chain? chain)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            yield return "is missing";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            yield return "is for another name";
        }

        var status = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            yield return "has expired, or is not valid yet";
        }

        if ((status & Untrusted) != X509ChainStatusFlags.NoError)
        {
            yield return "comes from nobody that is trusted";
        }

        if (status.HasFlag(X509ChainStatusFlags.Revoked))
        {
            yield return "is revoked";
        }
    }
}
