using System.Collections.Frozen;
using Gateway.Api.Errors;
using Gateway.Grpc;

namespace Gateway.Api.Grpc;

/// <summary>
/// The metadata that travels through the gateway: what people made up for their calls. What belongs to one connection, to browsers or to
/// proxies ends here, and so does every credential of the client: the gateway has its own.
/// </summary>
internal static class ForwardedMetadata
{
    // Fields that clients and proxies send by themselves (RFC 9110; Fetch), and those that the gateway sends anew.
    private static readonly FrozenSet<string> NotOfRequests = FrozenSet.ToFrozenSet([
        "accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "cache-control", "content-encoding", "content-language",
        "cookie", "date", "dnt", "expect", "forwarded", "from", "max-forwards", "origin", "pragma", "priority", "range", "referer",
        "upgrade-insecure-requests", "user-agent", "via", "x-clarifai-session-token", "x-grpc-web", "x-real-ip", "x-request-id", "x-user-agent",
    ]);

    private static readonly string[] PrefixesNotOfRequests = ["access-control-", "grpc-", "if-", "proxy-", "sec-", "x-forwarded-", "x-original-"];

    // Fields that speak of the upstream's server, not of the call; and what an upstream that repeats its request would give away.
    private static readonly FrozenSet<string> NotOfResponses = FrozenSet.ToFrozenSet([
        "alt-svc", "authorization", "content-encoding", "date", "server", "set-cookie", "strict-transport-security", "via", "x-clarifai-session-token",
        "x-request-id",
    ]);

    /// <summary>
    /// Copies what goes upstream of a client's metadata. A name goes there in one line, whatever HTTP client sends it, so texts of one name are joined
    /// as PROTOCOL-HTTP2.md ("Custom-Metadata") has it, by a comma alone. It has binary values joined so, too, but not every server takes them
    /// apart again: grpc-go reads none of them.
    /// </summary>
    /// <returns>Why some of it cannot go there; null when all does.</returns>
    public static ApiError? CopyRequest(Metadata from, Metadata to)
    {
        foreach (var entry in from)
        {
            if (NotOfRequests.Contains(entry.Key) || HasPrefix(entry.Key))
            {
                continue;
            }

            if (Count(to, entry.Key) == 0)
            {
                Copy(entry, from, to);
            }
            else if (entry.IsBinary)
            {
                return ApiErrors.BadHeader(entry.Key, "given more than once; several binary values of one name cannot go on to the upstream");
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

    private static void Copy(MetadataEntry entry, Metadata from, Metadata to)
    {
        if (entry.IsBinary || Count(from, entry.Key) == 1)
        {
            to.Add(entry);
        }
        else
        {
            to.Add(entry.Key, string.Join(',', from.Where(other => other.Key == entry.Key).Select(other => other.Text)));
        }
    }

    private static int Count(Metadata metadata, string key)
    {
        var count = 0;
        foreach (var entry in metadata)
        {
            count += entry.Key == key ? 1 : 0;
        }

        return count;
    }

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
