using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Store.Protection;

/// <summary>
/// A certificate's RSA key in place of a master key. The bytes are: signature (PSS) of the rest, a key of its own (OAEP), and what that key
/// encrypts (<see cref="SealedBytes"/>). The signature is there because anybody can encrypt with what is public of a certificate: who could
/// write to the store could put a key of their own into its ring.
/// </summary>
internal sealed class CertificateMasterKey : IMasterKey
{
    private const string Setting = "Gateway:Store:CertificateFile";

    private readonly RSA _rsa;

    private CertificateMasterKey(RSA rsa) => _rsa = rsa;

    private int BlockSize => _rsa.KeySize / 8;

    /// <exception cref="StoreException">It cannot be read, or has no private RSA key.</exception>
    public static CertificateMasterKey Load(string certificateFile, string? keyFile)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            return new CertificateMasterKey(certificate.GetRSAPrivateKey()
                ?? throw new StoreException(StoreFault.MasterKeyWrong, $"The certificate of {Setting} has another key than one of RSA."));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFault.MasterKeyMissing, $"The file of {Setting}, or of its key, is not there or cannot be read.");
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw new StoreException(
                StoreFault.MasterKeyWrong, $"The file of {Setting}, or of its key, is not a certificate with its private key in PEM.");
        }
    }

    public byte[] Encrypt(ReadOnlySpan<byte> plaintext)
    {
        var key = RandomNumberGenerator.GetBytes(SealedBytes.KeySize);
        byte[] content = [.. _rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256), .. SealedBytes.Seal(key, plaintext)];
        CryptographicOperations.ZeroMemory(key);
        return [.. _rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pss), .. content];
    }

    public byte[] Decrypt(ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.Length < 2 * BlockSize)
        {
            throw new CryptographicException("Too short.");
        }

        var content = ciphertext[BlockSize..];
        if (!_rsa.VerifyData(content, ciphertext[..BlockSize], HashAlgorithmName.SHA256, RSASignaturePadding.Pss))
        {
            throw new CryptographicException("Signed with another key.");
        }

        return SealedBytes.Open(_rsa.Decrypt(content[..BlockSize], RSAEncryptionPadding.OaepSHA256), content[BlockSize..]);
    }

    public void Dispose() => _rsa.Dispose();
}
