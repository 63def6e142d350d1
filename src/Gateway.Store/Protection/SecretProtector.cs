using System.Security.Cryptography;
using System.Text;
using Gateway.Store.Databases;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Store.Protection;

/// <summary>
/// Encrypts what the store keeps and nobody else may read. What is encrypted is bound to what it is for: a ciphertext that is copied into
/// another row cannot be decrypted there. Thread-safe.
/// </summary>
internal sealed class SecretProtector : IDisposable
{
    private const string Application = "clarifai-gateway";

    private readonly IMasterKey _masterKey;
    private readonly ServiceProvider _services;
    private readonly IDataProtectionProvider _protection;

    private SecretProtector(StoreDatabase database, IMasterKey masterKey)
    {
        _masterKey = masterKey;
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName(Application);
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new KeyRing(database, masterKey));
        _services = services.BuildServiceProvider();
        _protection = _services.GetDataProtectionProvider();
    }

    /// <summary>
    /// Reads the ring, and makes its first key when it has none. Called under the lock of migrations, so that replicas which start together
    /// do not make one each.
    /// </summary>
    /// <exception cref="StoreException">The master key is missing, or another one than the ring's.</exception>
    public static SecretProtector Open(StoreDatabase database, Func<bool, IMasterKey> masterKey, bool hasRing)
    {
        var protector = new SecretProtector(database, masterKey(!hasRing));
        try
        {
            database.Run(() => protector._protection.CreateProtector("start").Protect([]));
            return protector;
        }
        catch
        {
            protector.Dispose();
            throw;
        }
    }

    /// <summary>Encrypts for one use: of a kind, of an owner, of a row.</summary>
    public byte[] Protect(string plaintext, params ReadOnlySpan<string> use) => For(use).Protect(Encoding.UTF8.GetBytes(plaintext));

    /// <summary>Decrypts.</summary>
    /// <returns>The text; null when it was not encrypted for that use, or not by a holder of the ring.</returns>
    /// <exception cref="StoreException">The ring cannot be read.</exception>
    public string? Unprotect(byte[] ciphertext, params ReadOnlySpan<string> use)
    {
        try
        {
            return Encoding.UTF8.GetString(For(use).Unprotect(ciphertext));
        }
        catch (CryptographicException failure) when (failure.InnerException is not StoreException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _services.Dispose();
        _masterKey.Dispose();
    }

    private IDataProtector For(ReadOnlySpan<string> use)
    {
        var protector = _protection.CreateProtector(use[0]);
        foreach (var part in use[1..])
        {
            protector = protector.CreateProtector(part);
        }

        return protector;
    }
}
