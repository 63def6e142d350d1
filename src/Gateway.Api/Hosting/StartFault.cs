using System.Security.Cryptography;
using Gateway.Api.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Hosting;

/// <summary>Says in a sentence why the gateway does not start, to whoever started it.</summary>
internal static class StartFault
{
    private const string WhereItListens =
        "The gateway listens where --urls (or ASPNETCORE_URLS) says, and where Gateway:Grpc:Url says, which may be empty.";

    /// <summary>The sentence; null for what no setting can be the cause of, which is a fault of the gateway's own.</summary>
    public static string? Describe(Exception failure) => failure switch
    {
        AggregateException { InnerException: { } first } => Describe(first),
        OptionsValidationException invalid => string.Join(' ', invalid.Failures),
        InvalidDataException { InnerException: FormatException broken } =>
            $"{FirstLine(failure).TrimEnd('.')}: {SettingsFile.FaultOf(broken)}.",
        IOException { InnerException: AddressInUseException } => $"{FirstLine(failure)} {WhereItListens}",
        System.Net.Sockets.SocketException => $"Failed to listen: {FirstLine(failure)}. {WhereItListens}",
        CryptographicException or FileNotFoundException or DirectoryNotFoundException =>
            $"A certificate of Kestrel:Endpoints or Kestrel:Certificates cannot be used: {FirstLine(failure)}",
        InvalidOperationException or ArgumentException or FormatException or IOException or UnauthorizedAccessException =>
            FirstLine(failure),
        _ => null,
    };

    private static string FirstLine(Exception failure) => failure.Message.Split('\n')[0].TrimEnd();
}
