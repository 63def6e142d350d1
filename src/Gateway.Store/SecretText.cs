using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Store;

/// <summary>A text that never prints: neither <see cref="ToString"/>, nor the debugger, nor a serializer shows it.</summary>
[DebuggerDisplay("SecretText(hidden)")]
public sealed class SecretText
{
    private const int FingerprintLength = 12;

    private readonly string _text;

    /// <summary>Wraps a secret.</summary>
    /// <param name="text">The secret, not blank.</param>
    public SecretText(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        _text = text;
    }

    /// <summary>The first 12 hex digits of its SHA-256: what tells secrets apart where they must not be shown.</summary>
    public string Fingerprint => FingerprintOf(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_text))));

    /// <summary>The secret. Whoever asks for it keeps it from all output.</summary>
    public string Reveal() => _text;

    /// <inheritdoc/>
    public override string ToString() => "SecretText(hidden)";

    /// <summary>The fingerprint of a secret of which only the SHA-256 is known, in hex.</summary>
    internal static string FingerprintOf(string sha256) => sha256[..FingerprintLength];
}
