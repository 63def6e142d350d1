using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Api.Configuration;

namespace Gateway.Api.Upstream;

/// <summary>
/// The certificates of TLS to the upstream. Connections are few, so each asks the files, which are small; what cannot be read leaves those
/// in use that were read last. Thread-safe.
/// </summary>
/// <param name="files">Where they are.</param>
/// <param name="logger">Told of what cannot be read.</param>
internal sealed partial class UpstreamCertificates(TlsOptions files, ILogger logger)
{
    private readonly Lock _gate = new();
    private string _texts = "";
    private X509Certificate2Collection? _authorities;
    private SslStreamCertificateContext? _certificate;

    /// <summary>Makes the settings of a connection.</summary>
    public SslClientAuthenticationOptions ForConnection()
    {
        lock (_gate)
        {
            ReadAgain();
            var tls = new SslClientAuthenticationOptions { ClientCertificateContext = _certificate };
            if (_authorities is not null)
            {
                tls.CertificateChainPolicy =
                    new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                tls.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
            }

            return tls;
        }
    }

    /// <summary>Reads the authorities; null when the file has none.</summary>
    public static X509Certificate2Collection? ReadAuthorities(TlsOptions files)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(File.ReadAllText(files.CaFile!));
        return authorities.Count > 0 ? authorities : null;
    }

    /// <summary>Reads the gateway's certificate and its key, with the certificates behind it in the file.</summary>
    public static SslStreamCertificateContext ReadCertificate(TlsOptions files)
    {
        var text = File.ReadAllText(files.CertificateFile!);
        var between = new X509Certificate2Collection();
        between.ImportFromPem(text);
        between.RemoveAt(0);
        var certificate = X509Certificate2.CreateFromPem(text, files.KeyFile is null ? text : File.ReadAllText(files.KeyFile));
        return SslStreamCertificateContext.Create(certificate, between, offline: true);
    }

    /// <summary>Whether reading a file failed, or what it holds is none of what it should be.</summary>
    public static bool IsUnreadable(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private void ReadAgain()
    {
        try
        {
            var texts = TextOf(files.CaFile) + TextOf(files.CertificateFile) + TextOf(files.KeyFile);
            if (texts == _texts)
            {
                return;
            }

            var authorities = files.CaFile is null ? null : ReadAuthorities(files) ?? throw new CryptographicException();
            _certificate = files.CertificateFile is null ? null : ReadCertificate(files);
            _authorities = authorities;
            _texts = texts;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            LogUnreadable();
        }
    }

    private static string TextOf(string? file) => file is null ? "" : File.ReadAllText(file);

    [LoggerMessage(LogLevel.Warning, "A file of Gateway:Upstream:Tls cannot be read, or holds no certificates or another key; those "
        + "read before stay in use")]
    private partial void LogUnreadable();
}
