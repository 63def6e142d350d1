namespace Gateway.Api.Configuration;

/// <summary>The certificates of TLS to the upstream, as files in PEM. A file that changes counts from the next connection on.</summary>
internal sealed class TlsOptions
{
    /// <summary>The authorities that are trusted, in place of the system's; null for the system's.</summary>
    public string? CaFile { get; set; }

    /// <summary>
    /// The certificate that the gateway shows to the upstream, with those between it and its authority behind it; null for none.
    /// </summary>
    public string? CertificateFile { get; set; }

    /// <summary>The certificate's key, not encrypted; null when it is in the certificate's file.</summary>
    public string? KeyFile { get; set; }
}
