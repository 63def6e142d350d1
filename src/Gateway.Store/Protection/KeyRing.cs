using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Gateway.Store.Databases;
using Gateway.Store.Model;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Protection;

/// <summary>
/// The ring of Data Protection, in the store. Its elements are encrypted whole by the master key, and not by an <c>IXmlEncryptor</c>: so
/// their types and dates cannot be changed either, and a wrong master key fails at once, while Data Protection would put a new key beside
/// those that it cannot read. Data Protection asks for it without waiting asynchronously, once a day.
/// </summary>
internal sealed class KeyRing(StoreDatabase database, IMasterKey masterKey) : IXmlRepository
{
    /// <exception cref="StoreException">The master key is another one, or the store does not answer.</exception>
    public IReadOnlyCollection<XElement> GetAllElements() => database.Run(() =>
    {
        using var context = database.NewContext();
        return context.ProtectionKeys.AsNoTracking().OrderBy(row => row.Id).Select(row => row.Ciphertext).ToList().ConvertAll(Decrypt);
    });

    public void StoreElement(XElement element, string friendlyName) => database.Run(() =>
    {
        using var context = database.NewContext();
        var plaintext = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        context.ProtectionKeys.Add(new ProtectionKeyRow { FriendlyName = friendlyName, Ciphertext = masterKey.Encrypt(plaintext) });
        CryptographicOperations.ZeroMemory(plaintext);
        return context.SaveChanges();
    });

    private XElement Decrypt(byte[] ciphertext)
    {
        try
        {
            return XElement.Parse(Encoding.UTF8.GetString(masterKey.Decrypt(ciphertext)));
        }
        catch (CryptographicException)
        {
            throw new StoreException(
                StoreFault.MasterKeyWrong,
                "The store's secrets are encrypted with another master key than that of Gateway:Store:MasterKeyFile or :CertificateFile.");
        }
    }
}
