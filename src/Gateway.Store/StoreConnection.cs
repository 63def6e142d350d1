using System.Diagnostics;
using Gateway.Store.Databases;
using Gateway.Store.Protection;

namespace Gateway.Store;

/// <summary>
/// Where a store is, and what its secrets are encrypted with. It never prints: a connection string holds a password.
/// </summary>
[DebuggerDisplay("StoreConnection(hidden)")]
public sealed class StoreConnection
{
    /// <summary>
    /// The file of an SQLite store, made when it is missing. Its folder has to be there. Not looked at beside a connection string.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>PostgreSQL's connection string, as Npgsql reads it; null for SQLite.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>
    /// The file of the master key, 32 random bytes in base64. It is made, readable by its owner alone, when it is missing and the store has
    /// no secrets yet. Not looked at beside a certificate.
    /// </summary>
    public string? MasterKeyFile { get; init; }

    /// <summary>A certificate with an RSA key in PEM instead of a master key; null for none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's private key in PEM; null when it is in the certificate's file.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>What is measured; null for nothing.</summary>
    public StoreTelemetry? Telemetry { get; init; }

    /// <summary>
    /// What would keep the store from being opened, one sentence each, as far as it can be told without the store: nobody is asked, and
    /// nothing is made.
    /// </summary>
    public IEnumerable<string> Faults()
    {
        var connection = ConnectionString is { } text ? FaultOf(() => PostgreSqlDatabase.Check(text)) : null;
        var masterKey = CertificateFile is { } certificate
            ? FaultOf(() => CertificateMasterKey.Load(certificate, CertificateKeyFile).Dispose())
            : File.Exists(MasterKeyFile) ? FaultOf(() => FileMasterKey.Load(MasterKeyFile, mayCreate: false).Dispose())
            : null;
        return new[] { connection, masterKey }.OfType<string>();
    }

    private static string? FaultOf(Action look)
    {
        try
        {
            look();
            return null;
        }
        catch (StoreException fault)
        {
            return fault.Message;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "StoreConnection(hidden)";
}
