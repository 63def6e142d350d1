using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Grpc.Protocol;

/// <summary>Metadata to and from HTTP headers, on both sides of a call.</summary>
internal static class MetadataHeaders
{
    public static void Write(Metadata metadata, HttpHeaders headers)
    {
        foreach (MetadataEntry entry in metadata)
        {
            if (!HeaderNames.IsReserved(entry.Key)) headers.TryAddWithoutValidation(entry.Key, Text(entry));
        }
    }

    public static void Write(Metadata metadata, IHeaderDictionary headers)
    {
        foreach (MetadataEntry entry in metadata)
        {
            if (!HeaderNames.IsReserved(entry.Key)) headers.Append(entry.Key, Text(entry));
        }
    }

    public static Metadata Read(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            if (HeaderNames.IsReserved(name)) continue;
            foreach (string value in values) Add(metadata, name, value);
        }

        return metadata;
    }

    public static Metadata Read(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach ((string name, StringValues values) in headers)
        {
            if (HeaderNames.IsReserved(name)) continue;
            foreach (string? value in values) Add(metadata, name, value ?? "");
        }

        return metadata;
    }

    private static string Text(in MetadataEntry entry) => entry.IsBinary ? BinaryHeader.Encode(entry.Bytes.Span) : entry.Text;

    // What is no valid metadata is left out: a peer's odd header is no reason to fail its call.
    private static void Add(Metadata metadata, string name, string value)
    {
        if (Metadata.IsBinaryKey(name)) AddBinary(metadata, name, value);
        else metadata.TryAdd(name, value);
    }

    // Only binary values may be split at commas: base64 has none, a text may.
    private static void AddBinary(Metadata metadata, string name, ReadOnlySpan<char> values)
    {
        foreach (Range item in values.Split(','))
        {
            if (BinaryHeader.TryDecode(values[item], out byte[] bytes)) metadata.AddBinary(name, bytes);
        }
    }
}
