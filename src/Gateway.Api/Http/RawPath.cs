using System.Text;
using Gateway.Core.Binding;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Http;

/// <summary>The path as it stood in the request target: still percent-encoded, so that an encoded slash is no separator.</summary>
internal static class RawPath
{
    private const string EncodedDot = "%2E";

    /// <summary>The path of a request, without its query.</summary>
    public static ReadOnlySpan<char> Of(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        if (!target.StartsWith('/'))
        {
            target = AfterAuthority(target);
        }

        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }

    /// <summary>
    /// Whether a segment of a path is <c>.</c> or <c>..</c> (RFC 3986, 3.3), plain or encoded. The server resolves these before routing, so
    /// that routing and binding would read two paths. An encoded slash separates no segments, to routing either.
    /// </summary>
    public static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        if (!path.ContainsAny('.', '%'))
        {
            return false;
        }

        foreach (var segment in path.Split('/'))
        {
            if (IsDots(path[segment]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A segment of a path, decoded.</summary>
    /// <param name="index">The segment's place, from 0; it is there.</param>
    public static string Segment(HttpContext http, int index)
    {
        var path = Of(http)[1..];
        for (; index > 0; index--)
        {
            path = path[(path.IndexOf('/') + 1)..];
        }

        var end = path.IndexOf('/');
        var segment = end < 0 ? path : path[..end];
        var bytes = new byte[PercentEncoding.MaxDecodedLength(segment.Length)];
        return Encoding.UTF8.GetString(bytes, 0, PercentEncoding.Decode(segment, plusIsSpace: false, bytes));
    }

    // The absolute form of RFC 9112, 3.2.2 is scheme, authority, path; the other forms have no path.
    private static ReadOnlySpan<char> AfterAuthority(ReadOnlySpan<char> target)
    {
        var scheme = target.IndexOf("://");
        var rest = scheme < 0 ? [] : target[(scheme + "://".Length)..];
        var end = rest.IndexOfAny('/', '?');
        return end < 0 ? [] : rest[end..];
    }

    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        for (; segment.Length > 0; dots++)
        {
            var length = segment[0] == '.' ? 1 : segment.StartsWith(EncodedDot, StringComparison.OrdinalIgnoreCase) ? EncodedDot.Length : 0;
            if (length == 0)
            {
                return false;
            }

            segment = segment[length..];
        }

        return dots is 1 or 2;
    }
}
