using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Core.Upstream;
using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>
/// The metadata that travels through the gateway: what people made up for their calls. What <see cref="ReservedMetadata"/> has ends here.
/// </summary>
internal static class ForwardedMetadata
{
    // What a key may have (PROTOCOL-HTTP2.md, "Header-Name"); HTTP has more.
    private static readonly SearchValues<char> OfKeys = SearchValues.Create("-.0123456789_abcdefghijklmnopqrstuvwxyz");

    /// <summary>
    /// Copies what goes upstream of a client's headers. A name goes there in one line, whatever HTTP client sends it, so texts of one name
    /// are joined as PROTOCOL-HTTP2.md ("Custom-Metadata") has it, by a comma alone. It has binary values joined so, too, but not every
    /// server takes them apart again: grpc-go reads none of them.
    /// </summary>
    /// <returns>Why some of it cannot go there; null when all does.</returns>
    public static ApiError? CopyRequest(IHeaderDictionary from, Metadata to)
    {
        foreach (var (name, values) in from)
        {
            var key = name.ToLowerInvariant();
            if (ReservedMetadata.IsOfRequests(key))
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
    /// <param name="from">The upstream's.</param>
    /// <param name="to">The client's.</param>
    /// <param name="credential">What the call was made with, which a value may repeat; null for nothing.</param>
    public static void CopyResponse(Metadata from, Metadata to, Pat? credential)
    {
        foreach (var entry in from)
        {
            if (!ReservedMetadata.IsOfResponses(entry.Key))
            {
                to.Add(credential is null ? entry : Hiding(entry, credential));
            }
        }
    }

    private static Metadata.Entry Hiding(Metadata.Entry entry, Pat credential)
    {
        if (!entry.IsBinary)
        {
            return new Metadata.Entry(entry.Key, credential.Hide(entry.Value));
        }

        var bytes = entry.ValueBytes; // a copy
        credential.Hide(bytes);
        return new Metadata.Entry(entry.Key, bytes);
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
}
