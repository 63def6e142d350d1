using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Testing;

/// <summary>Certificates made on the spot.</summary>
public static class TestCertificate
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>A self-signed certificate for the loopback address, valid today.</summary>
    public static X509Certificate2 CreateForLoopback() => CreateSelfSigned(TimeProvider.System.GetUtcNow() + Day, "localhost", IPAddress.Loopback);

    /// <summary>A self-signed certificate for the loopback address, which was valid until yesterday.</summary>
    public static X509Certificate2 CreateExpired() => CreateSelfSigned(TimeProvider.System.GetUtcNow() - Day, "localhost", IPAddress.Loopback);

    /// <summary>A self-signed certificate for another host.</summary>
    public static X509Certificate2 CreateForAnotherHost() => CreateSelfSigned(TimeProvider.System.GetUtcNow() + Day, "other.example", IPAddress.None);

    /// <summary>An authority that signs certificates.</summary>
    public static X509Certificate2 CreateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now - (2 * Day), now + (2 * Day));
    }

    /// <summary>A certificate that an authority has signed, for the loopback address, valid today.</summary>
    public static X509Certificate2 CreateSigned(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(key, name, "localhost", IPAddress.Loopback);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(authority, now - Day, now + Day, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 CreateSelfSigned(DateTimeOffset until, string host, IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(key, "Gateway tests", host, address).CreateSelfSigned(until - (2 * Day), until);
    }

    private static CertificateRequest Request(ECDsa key, string name, string host, IPAddress address)
    {
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}
