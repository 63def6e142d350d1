using System.Security.Cryptography;
using System.Text;
using Gateway.Store.Databases;

namespace Gateway.Store.Protection;

/// <summary>A master key in a file: 32 random bytes in base64, which nobody but its owner (and group) may read.</summary>
internal sealed class FileMasterKey : IMasterKey
{
    private const string Setting = "Gateway:Store:MasterKeyFile";

    private readonly byte[] _key;

    private FileMasterKey(byte[] key) => _key = key;

    /// <summary>Reads the key, or makes it for a store that has no secrets yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayCreate">Whether the store has no secrets yet.</param>
    /// <exception cref="StoreException">There is none, it cannot be used, or others can read it.</exception>
    public static FileMasterKey Load(string path, bool mayCreate)
    {
        try
        {
            if (mayCreate && !File.Exists(path))
            {
                return Create(path);
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & PrivateFile.Exposed) != 0)
            {
                throw new StoreException(
                    StoreFault.MasterKeyExposed, $"The file of {Setting} can be read by others: its mode has to be 0600, or 0640.");
            }

            return new FileMasterKey(Parse(File.ReadAllText(path)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                StoreFault.MasterKeyMissing,
                mayCreate
                    ? $"The file of {Setting}, which the store's secrets are to be encrypted with, cannot be made or read."
                    : $"The store has secrets, and the file of {Setting}, which they are encrypted with, is not there or cannot be read.");
        }
    }

    public byte[] Encrypt(ReadOnlySpan<byte> plaintext) => SealedBytes.Seal(_key, plaintext);

    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext) => SealedBytes.Open(_key, ciphertext);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private static FileMasterKey Create(string path)
    {
        var key = RandomNumberGenerator.GetBytes(SealedBytes.KeySize);
        using var file = PrivateFile.Create(path);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
        file.Flush(flushToDisk: true); // the ring is worth nothing without it
        return new FileMasterKey(key);
    }

    private static byte[] Parse(string text)
    {
        var key = new byte[SealedBytes.KeySize];
        // A byte more would not fit, and is no key.
        return Convert.TryFromBase64String(text.Trim(), key, out var length) && length == key.Length
            ? key
            : throw new StoreException(StoreFault.MasterKeyWrong, $"The file of {Setting} is not {SealedBytes.KeySize} bytes in base64.");
    }
}
