using System.Text;
using Gateway.Core.Binding;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Requests;

/// <summary>The path as it stood in the request target: still percent-encoded, so that an encoded slash is no separator.</summary>
public static class RawPath
{
    /// <summary>The path of a request, without its query.</summary>
    public static ReadOnlySpan<char> Of(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        if (!target.StartsWith('/'))
        {
            // The absolute form of RFC 9112, 3.2.2: scheme, authority, path.
            var authority = target.IndexOf("://") + "://".Length;
            target = target[(authority + target[authority..].IndexOf('/'))..];
        }

        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }

    /// <summary>A segment of a path, decoded.</summary>
    /// <param name="http">The request.</param>
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
}
