using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Api.Tenancy;

/// <summary>The SHA-256 of a gateway key: all the gateway ever stores of one.</summary>
internal readonly record struct KeyHash
{
    private const int ShortKey = 256;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private KeyHash(ReadOnlySpan<byte> digest)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(digest);
        _low = BinaryPrimitives.ReadUInt128BigEndian(digest[16..]);
    }

    /// <summary>Hashes a key as a client sent it.</summary>
    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> utf8 = stackalloc byte[ShortKey];
        utf8 = Encoding.UTF8.TryGetBytes(key, utf8, out var length) ? utf8[..length] : Encoding.UTF8.GetBytes(key.ToArray());
        SHA256.HashData(utf8, digest);
        return new KeyHash(digest);
    }

    /// <summary>Whether two are the same, found out in a time that tells nothing of where they differ.</summary>
    public bool FixedTimeEquals(KeyHash other) => CryptographicOperations.FixedTimeEquals(
        MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in this)), MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in other)));

    /// <summary>The hash in 64 hex digits, as settings have it.</summary>
    public override string ToString() => $"{_high:x32}{_low:x32}";

    /// <summary>Reads the 64 hex digits of a configured hash; false when they are not that.</summary>
    public static bool TryParse(string? hex, out KeyHash hash)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash = default;
        if (hex?.Length != 2 * SHA256.HashSizeInBytes
            || Convert.FromHexString(hex, digest, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        hash = new KeyHash(digest);
        return true;
    }
}
