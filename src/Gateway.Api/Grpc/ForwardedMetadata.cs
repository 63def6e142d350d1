using System.Buffers;
using System.Collections.Frozen;
using Gateway.Api.Errors;
using Grpc.Core;

namespace Gateway.Api.Grpc;

/// <summary>
/// The metadata that travels through the gateway: what people made up for their calls. What belongs to one connection, to browsers or to
/// proxies ends here, and so does every credential of the client: the gateway has its own.
/// </summary>
internal static class ForwardedMetadata
{
    // Fields that clients and proxies send by themselves (RFC 9110; Fetch), and those that the gateway sends anew.
    private static readonly FrozenSet<string> NotOfRequests = FrozenSet.ToFrozenSet([
        "accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "cache-control", "connection", "content-encoding",
        "content-language", "content-length", "content-type", "cookie", "date", "dnt", "expect", "forwarded", "from", "host", "keep-alive", "max-forwards",
        "origin", "pragma", "priority", "range", "referer", "te", "trailer", "transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "via",
        "x-clarifai-session-token", "x-grpc-web", "x-real-ip", "x-request-id", "x-user-agent",
    ]);

    // What a key may have (PROTOCOL-HTTP2.md, "Header-Name"); HTTP has more.
    private static readonly SearchValues<char> OfKeys = SearchValues.Create("-.0123456789_abcdefghijklmnopqrstuvwxyz");

    private static readonly string[] PrefixesNotOfRequests = ["access-control-", "grpc-", "if-", "proxy-", "sec-", "x-forwarded-", "x-original-"];

    // Fields that speak of the upstream's server, not of the call; and what an upstream that repeats its request would give away.
    private static readonly FrozenSet<string> NotOfResponses = FrozenSet.ToFrozenSet([
        "alt-svc", "authorization", "content-encoding", "date", "server", "set-cookie", "strict-transport-security", "via", "x-clarifai-session-token",
        "x-request-id",
    ]);

    /// <summary>
    /// Copies what goes upstream of a client's headers. A name goes there in one line, whatever HTTP client sends it, so texts of one name are joined
    /// as PROTOCOL-HTTP2.md ("Custom-Metadata") has it, by a comma alone. It has binary values joined so, too, but not every server takes them
    /// apart again: grpc-go reads none of them.
    /// </summary>
    /// <returns>Why some of it cannot go there; null when all does.</returns>
    public static ApiError? CopyRequest(IHeaderDictionary from, Metadata to)
    {
        foreach (var (name, values) in from)
        {
            var key = name.ToLowerInvariant();
            if (IsOfTheConnection(key))
            {
                continue;
            }

            if (key.AsSpan().ContainsAnyExcept(OfKeys))
            {
                return ApiErrors.BadHeader(key, "not a name that metadata of gRPC can have");
            }

            var text = string.Join(',', values.ToArray());
            if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
            {
                if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                {
                    return ApiErrors.BadHeader(key, "not ASCII; bytes go as base64 under a name that ends in -bin");
                }

                to.Add(key, text);
            }
            else if (text.Contains(','))
            {
                return ApiErrors.BadHeader(key, "given more than once; several binary values of one name cannot go on to the upstream");
            }
            else if (TryDecode(text, out var bytes))
            {
                to.Add(key, bytes);
            }
            else
            {
                return ApiErrors.BadHeader(key, "not base64");
            }
        }

        return null;
    }

    /// <summary>Copies what goes to the client of the upstream's headers or trailers.</summary>
    public static void CopyResponse(Metadata from, Metadata to)
    {
        foreach (var entry in from)
        {
            if (!NotOfResponses.Contains(entry.Key))
            {
                to.Add(entry);
            }
        }
    }

    // Padding is left out by those who keep to the protocol, and written by others.
    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        var isBase64 = Convert.TryFromBase64String(padded, bytes, out var length);
        Array.Resize(ref bytes, length);
        return isBase64;
    }

    // HTTP/2's own fields begin with a colon.
    private static bool IsOfTheConnection(string key) => key[0] == ':' || NotOfRequests.Contains(key) || HasPrefix(key);

    private static bool HasPrefix(string key)
    {
        foreach (var prefix in PrefixesNotOfRequests)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
