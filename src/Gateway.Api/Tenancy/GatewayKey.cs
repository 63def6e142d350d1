using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Api.Tenancy;

/// <summary>
/// A gateway key: <c>cgw_</c>, 256 random bits in base64url, and a checksum of six digits of base 62, by which scanners for secrets tell a
/// key from what looks like one, without asking anybody: the first 32 bits, big-endian, of the SHA-256 of all that stands before it.
/// </summary>
internal static class GatewayKey
{
    private const string Prefix = "cgw_";
    private const int Bytes = 32;
    private const int ChecksumDigits = 6;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Makes a key. Nobody keeps it: it is shown once.</summary>
    public static string Create()
    {
        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        return key + Checksum(key);
    }

    /// <summary>The beginning of a key, for people to know it by.</summary>
    /// <param name="key">The key.</param>
    /// <param name="digits">How many of its random digits are shown: each tells six bits of it.</param>
    public static string Shown(string key, int digits) => key[..(Prefix.Length + digits)];

    /// <summary>Whether a key is one of the gateway's own, by its prefix.</summary>
    public static bool IsOne(ReadOnlySpan<char> key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    private static string Checksum(string text) => string.Create(ChecksumDigits, text, static (digits, checkedText) =>
    {
        var rest = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(checkedText)));
        for (var place = digits.Length - 1; place >= 0; place--)
        {
            digits[place] = Digits[(int)(rest % (uint)Digits.Length)];
            rest /= (uint)Digits.Length;
        }
    });
}
