using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Upstream.Credentials;
using Grpc.Core;

namespace Gateway.Core.Upstream;

/// <summary>
/// A credential for the upstream: a Personal Access Token, or whatever key or session token a client brought. It never prints:
/// <see cref="ToString"/> and the debugger show a placeholder, and only <see cref="ClarifaiClient"/> reads the values.
/// </summary>
[DebuggerDisplay("Pat(hidden)")]
public sealed class Pat : ICredentialSource
{
    private const string Scheme = "Key ";
    private const int MinSecretLength = 8;
    private const char Mask = '*';

    /// <summary>Wraps a token, given without its scheme.</summary>
    /// <param name="token">The token, not empty.</param>
    public Pat(string token)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        Authorization = Scheme + token;
        Metadata = MetadataOf(Authorization, null);
    }

    // What is shorter occurs by chance, and is no secret.
    private IEnumerable<string> Secrets =>
        new[] { Authorization?[Scheme.Length..], SessionToken }.OfType<string>().Where(secret => secret.Length >= MinSecretLength);

    private Pat(string? authorization, string sessionToken)
    {
        Authorization = authorization;
        SessionToken = sessionToken;
        Metadata = MetadataOf(authorization, sessionToken);
    }

    /// <summary>What tells credentials apart without showing them: a SHA-256.</summary>
    public string Fingerprint => field ??= Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Authorization}\n{SessionToken}")));

    /// <summary>What calls carry: made once, since each entry is checked when it is made.</summary>
    internal ImmutableArray<Metadata.Entry> Metadata { get; }

    private string? Authorization { get; }

    private string? SessionToken { get; }

    /// <summary>The token of a session, and the key that came with it.</summary>
    /// <param name="key">The key; null for none.</param>
    /// <param name="sessionToken">The session's token, not empty.</param>
    public static Pat OfSession(Pat? key, string sessionToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sessionToken);
        return new Pat(key?.Authorization, sessionToken);
    }

    private static ImmutableArray<Metadata.Entry> MetadataOf(string? authorization, string? sessionToken)
    {
        var entries = ImmutableArray.CreateBuilder<Metadata.Entry>();
        if (authorization is not null)
        {
            entries.Add(new Metadata.Entry("authorization", authorization));
        }

        if (sessionToken is not null)
        {
            entries.Add(new Metadata.Entry("x-clarifai-session-token", sessionToken));
        }

        return entries.ToImmutable();
    }

    /// <inheritdoc/>
    public override string ToString() => "Pat(hidden)";

    /// <summary>Takes itself: what a client brought is not paced.</summary>
    bool ICredentialSource.TryTake([NotNullWhen(true)] out Pat? credential)
    {
        credential = this;
        return true;
    }

    /// <summary>Takes itself: what a client brought is not paced.</summary>
    ValueTask<CredentialTurn> ICredentialSource.TakeAsync(TimeSpan? timeLeft, CancellationToken cancellationToken) =>
        new(new CredentialTurn(this));

    /// <summary>A text of the upstream's, without the credential should it repeat that.</summary>
    public string Hide(string text)
    {
        foreach (var secret in Secrets)
        {
            text = text.Replace(secret, new string(Mask, secret.Length), StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Overwrites the credential wherever bytes of the upstream's repeat it; all lengths stay as they are.</summary>
    /// <returns>Whether they did.</returns>
    public bool Hide(Span<byte> bytes)
    {
        var found = false;
        foreach (var secret in Secrets)
        {
            var token = Encoding.UTF8.GetBytes(secret);
            var rest = bytes;
            for (var at = rest.IndexOf(token); at >= 0; at = rest.IndexOf(token))
            {
                rest.Slice(at, token.Length).Fill((byte)Mask);
                rest = rest[(at + token.Length)..];
                found = true;
            }
        }

        return found;
    }
}
