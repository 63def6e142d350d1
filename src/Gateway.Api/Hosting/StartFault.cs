using System.Security.Cryptography;
using Gateway.Api.Configuration;
using Gateway.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Hosting;

/// <summary>Says in a sentence why the gateway does not start, to whoever started it.</summary>
internal static class StartFault
{
    private const string WhereItListens =
        "The gateway listens where --urls (or --port, or ASPNETCORE_URLS) says, and where Gateway:Grpc:Url and Gateway:Admin:Url say, "
            + "which may be empty.";

    private const string NoCertificate =
        "An https:// address of --urls, Kestrel:Endpoints, Gateway:Grpc:Url or Gateway:Admin:Url has no certificate: set "
            + "Kestrel:Certificates:Default:Path and Kestrel:Certificates:Default:KeyPath to files in PEM, or the same below Certificate "
            + "of the endpoint.";

    private const string NoKey =
        "A certificate of Kestrel:Endpoints or Kestrel:Certificates has no private key: set KeyPath beside its Path.";

    // The framework's own words, whose exceptions have no types of their own.
    private const string ServerOnNoCertificate = "Unable to configure HTTPS endpoint.";
    private const string TlsOnNoKey = "The server mode SSL must use a certificate with the associated private key.";

    /// <summary>The sentence; null for what no setting can be the cause of, which is a fault of the gateway's own.</summary>
    public static string? Describe(Exception failure) => failure switch
    {
        AggregateException { InnerException: { } first } => Describe(first),
        OptionsValidationException invalid => string.Join(' ', invalid.Failures),
        StoreException store => store.Message,
        InvalidDataException { InnerException: FormatException broken } =>
            $"{FirstLine(failure).TrimEnd('.')}: {SettingsFile.FaultOf(broken)}.",
        IOException { InnerException: AddressInUseException } => $"{FirstLine(failure)} {WhereItListens}",
        System.Net.Sockets.SocketException => $"Failed to listen: {FirstLine(failure)}. {WhereItListens}",
        CryptographicException or FileNotFoundException or DirectoryNotFoundException =>
            $"A certificate of Kestrel:Endpoints or Kestrel:Certificates cannot be used: {FirstLine(failure)}",
        NotSupportedException when IsTold(failure, TlsOnNoKey) => NoKey,
        InvalidOperationException when IsTold(failure, ServerOnNoCertificate) => NoCertificate,
        InvalidOperationException or ArgumentException or FormatException or IOException or UnauthorizedAccessException =>
            FirstLine(failure),
        _ => null,
    };

    private static bool IsTold(Exception failure, string words) => failure.Message.StartsWith(words, StringComparison.Ordinal);

    private static string FirstLine(Exception failure) => failure.Message.Split('\n')[0].TrimEnd();
}
