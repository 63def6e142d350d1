using System.ComponentModel.DataAnnotations;

namespace Gateway.Api.Configuration;

/// <summary>
/// Where tenants, keys, usage and what replicas share are kept. There is a store where one of its places is set, where the file of the
/// default place exists, and where there is an admin API.
/// </summary>
internal sealed class StoreOptions
{
    /// <summary>The file of the default place, in the working directory.</summary>
    public const string DefaultPath = "gateway.db";

    /// <summary>A store that cannot be reached changes nothing: what was known last counts.</summary>
    public const string Serve = "serve";

    /// <summary>While the store cannot be reached, its tenants are refused.</summary>
    public const string Refuse = "refuse";

    /// <summary>
    /// The file of the embedded database, SQLite, made at the first start. Null: <see cref="DefaultPath"/>, if it is there.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// How to connect to PostgreSQL, in place of a file; in Npgsql's form, as in <c>Host=db;Database=gateway;Username=gateway</c>.
    /// </summary>
    public string? ConnectionString { get; set => field = value?.Trim(); }

    /// <summary>
    /// The file with the key that the store's secrets are encrypted under: 32 bytes in base64. Null: beside the database's file,
    /// <c>.key</c> behind its name, or <c>gateway.key</c> in the working directory; made with a store that has no secrets yet.
    /// </summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>A certificate with an RSA key, in PEM, to encrypt the store's secrets under in place of a key.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The private key of <see cref="CertificateFile"/>, where that has none.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>
    /// What counts while the store cannot be reached: <c>serve</c>, the last that was known, or <c>refuse</c>, nothing of the store's
    /// tenants.
    /// </summary>
    [AllowedValues(Serve, Refuse, ErrorMessage = "{0} is 'serve' or 'refuse'.")]
    public string WhenDown { get; set; } = Serve;

    /// <summary>Whether there is a store, by its settings and by what is there. No setting.</summary>
    public bool IsInUse { get; internal set; }
}
