using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Upstream;

/// <summary>
/// A credential for the upstream: a Personal Access Token, or whatever key a client brought. It never prints:
/// <see cref="ToString"/> and the debugger show a placeholder, and only <see cref="ClarifaiClient"/> reads the value.
/// </summary>
[DebuggerDisplay("Pat(hidden)")]
public sealed class Pat
{
    /// <summary>Wraps a token, given without its scheme.</summary>
    /// <param name="token">The token, not empty.</param>
    public Pat(string token)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        Authorization = $"Key {token}";
    }

    /// <summary>What tells tokens apart without showing them: a SHA-256.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Authorization)));

    /// <summary>The value of the gRPC metadata <c>authorization</c>.</summary>
    internal string Authorization { get; }

    /// <inheritdoc/>
    public override string ToString() => "Pat(hidden)";
}
