using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Streams;

/// <summary>
/// The subprotocols of WebSockets (RFC 6455, 1.9). Browsers can send no <c>Authorization</c> with a handshake, but can offer
/// subprotocols: <c>clarifai.v2</c> is what is spoken here, <c>clarifai.key.&lt;key&gt;</c> brings the key. The latter is never
/// chosen, and so never comes back.
/// </summary>
internal static class SocketProtocols
{
    /// <summary>What is spoken.</summary>
    public const string Name = "clarifai.v2";

    private const string KeyPrefix = "clarifai.key.";

    /// <summary>The subprotocol to choose; null when the client offers none that is known.</summary>
    public static string? ChosenFrom(IList<string> offered) => offered.Contains(Name) ? Name : null;

    /// <summary>The keys among the offers, as <c>Authorization</c> would have them.</summary>
    public static StringValues AuthorizationIn(IList<string> offered)
    {
        StringValues keys = default;
        foreach (var protocol in offered)
        {
            if (protocol.StartsWith(KeyPrefix, StringComparison.Ordinal))
            {
                keys = StringValues.Concat(keys, string.Concat("Key ", protocol.AsSpan(KeyPrefix.Length)));
            }
        }

        return keys;
    }
}
