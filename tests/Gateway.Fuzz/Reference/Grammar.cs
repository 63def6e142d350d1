using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Fuzz.Reference;

/// <summary>
/// What is JSON at all: RFC 8259, of which the framework's strict reader is the judge, in UTF-8 and without halves of surrogate pairs (RFC 7493,
/// section 2.1). A byte order mark in front may be skipped.
/// </summary>
internal static class Grammar
{
    /// <summary>Deeper than any text of a case.</summary>
    public const int AnyDepth = 10_000;

    /// <summary>The text's values; null when it is not JSON, or deeper.</summary>
    public static JsonDocument? Parse(byte[] json, int depth = AnyDepth)
    {
        try
        {
            json = WithoutMark(json);
            return Utf8.IsValid(json) && HasWholePairs(json) ? JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = depth }) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text without the byte order mark in front of it, which a reader may skip (RFC 8259, section 8.1).</summary>
    public static byte[] WithoutMark(byte[] json) => json.AsSpan().StartsWith("\uFEFF"u8) ? json[3..] : json;

    /// <summary>Whether the text is JSON with no more objects and arrays around any value.</summary>
    public static bool Fits(byte[] json, int depth)
    {
        using var document = Parse(json, depth);
        return document is not null;
    }

    private static bool HasWholePairs(byte[] json)
    {
        if (json.AsSpan().IndexOf("\\ud"u8) < 0 && json.AsSpan().IndexOf("\\uD"u8) < 0)
        {
            return true;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = AnyDepth });
        try
        {
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
