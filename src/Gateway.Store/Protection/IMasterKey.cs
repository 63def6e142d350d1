using System.Security.Cryptography;

namespace Gateway.Store.Protection;

/// <summary>What the ring of keys is encrypted with. It is never in the store. Thread-safe.</summary>
internal interface IMasterKey : IDisposable
{
    /// <summary>Encrypts, so that a change of the ciphertext is found.</summary>
    byte[] Encrypt(ReadOnlySpan<byte> plaintext);

    /// <summary>Decrypts what <see cref="Encrypt"/> made.</summary>
    /// <exception cref="CryptographicException">Another key made it, or it was changed.</exception>
    byte[] Decrypt(ReadOnlySpan<byte> ciphertext);
}
