using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Core.Upstream;

/// <summary>
/// A credential for the upstream: a Personal Access Token, or whatever key or session token a client brought. It never prints:
/// <see cref="ToString"/> and the debugger show a placeholder, and only <see cref="ClarifaiClient"/> reads the values.
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

    private Pat(string? authorization, string sessionToken)
    {
        Authorization = authorization;
        SessionToken = sessionToken;
    }

    /// <summary>What tells credentials apart without showing them: a SHA-256.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Authorization}\n{SessionToken}")));

    /// <summary>The value of the gRPC metadata <c>authorization</c>; null for none.</summary>
    internal string? Authorization { get; }

    /// <summary>The value of the gRPC metadata <c>x-clarifai-session-token</c>; null for none.</summary>
    internal string? SessionToken { get; }

    /// <summary>The token of a session, and the key that came with it.</summary>
    /// <param name="key">The key; null for none.</param>
    /// <param name="sessionToken">The session's token, not empty.</param>
    public static Pat OfSession(Pat? key, string sessionToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sessionToken);
        return new Pat(key?.Authorization, sessionToken);
    }

    /// <inheritdoc/>
    public override string ToString() => "Pat(hidden)";
}
