using System.Security.Cryptography;
using System.Text;
using Clarifai.Api.Status;
using Gateway.Sandbox.Models;

namespace Gateway.Sandbox.Service;

/// <summary>Compares the key of a call with those configured; where they are null, every call passes.</summary>
internal sealed class KeyCheck(IReadOnlyList<string>? keys)
{
    // Hashes have one length, so comparing them tells nothing of how much of a key was right.
    private readonly byte[][]? _hashes = keys?.Select(Hash).ToArray();

    /// <summary>Checks <c>Key …</c> or <c>Bearer …</c>: null where the call may go on.</summary>
    public Failure? Check(string? authorization)
    {
        if (_hashes is null)
        {
            return null;
        }

        var hash = Hash(KeyOf(authorization));
        var known = _hashes.Any(key => CryptographicOperations.FixedTimeEquals(key, hash));
        return known ? null : new Failure(StatusCode.ConnKeyNotFound, "the key is not one that this sandbox accepts");
    }

    private static string KeyOf(string? authorization)
    {
        var parts = authorization?.Split(' ', 2, StringSplitOptions.TrimEntries) ?? [];
        var isScheme = parts.Length == 2
            && (parts[0].Equals("Key", StringComparison.OrdinalIgnoreCase)
                || parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        return isScheme ? parts[1] : "";
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
