using Gateway.Api.Configuration;
using Gateway.Store;

namespace Gateway.Api.Stored;

/// <summary>Where the store is, of what the settings say.</summary>
internal static class StoreConnections
{
    private const string KeySuffix = ".key";
    private const string DefaultKey = "gateway" + KeySuffix;

    /// <summary>Where it is, with the defaults filled in.</summary>
    /// <param name="telemetry">What is measured; null for nothing.</param>
    public static StoreConnection ToConnection(this StoreOptions options, StoreTelemetry? telemetry = null)
    {
        var path = options.Path ?? StoreOptions.DefaultPath;
        return new StoreConnection
        {
            Path = path,
            ConnectionString = options.ConnectionString,
            MasterKeyFile = options.MasterKeyFile ?? (options.ConnectionString is null ? path + KeySuffix : DefaultKey),
            CertificateFile = options.CertificateFile,
            CertificateKeyFile = options.CertificateKeyFile,
            Telemetry = telemetry,
        };
    }
}
