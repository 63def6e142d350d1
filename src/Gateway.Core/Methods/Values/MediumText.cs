using System.Buffers;
using System.Text;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Wire;

namespace Gateway.Core.Methods.Values;

/// <summary>
/// An image, a sound or a video in one text: a URL, base64, or a URL that holds its content as base64 (RFC 2397), as browsers and OpenAI's
/// clients send images.
/// </summary>
internal static class MediumText
{
    /// <summary>Writes the medium's fields, which are the same for all three.</summary>
    /// <param name="text">The text, unescaped.</param>
    /// <param name="output">Stands in the medium.</param>
    /// <returns>False when it is none of them.</returns>
    public static bool TryWrite(in ReadOnlySequence<byte> text, WireWriter output)
    {
        var isUrl = StartsWith(text.FirstSpan, "http://"u8) || StartsWith(text.FirstSpan, "https://"u8);
        output.Begin(isUrl ? Image.UrlFieldNumber : Image.Base64FieldNumber);
        if (isUrl)
        {
            foreach (var segment in text)
            {
                output.WriteBytes(segment.Span);
            }
        }
        else if (!TryDecode(text.Slice(ContentAt(text.FirstSpan)), output))
        {
            return false;
        }

        output.EndLength();
        return true;
    }

    // Behind the head of such a URL, which is short; 0 in any other text.
    private static int ContentAt(ReadOnlySpan<byte> text)
    {
        var comma = StartsWith(text, "data:"u8) ? text.IndexOf((byte)',') : -1;
        var marker = ";base64"u8;
        return comma > marker.Length && Ascii.EqualsIgnoreCase(text[(comma - marker.Length)..comma], marker) ? comma + 1 : 0;
    }

    private static bool TryDecode(in ReadOnlySequence<byte> text, WireWriter output)
    {
        var start = output.Length;
        var base64 = default(Base64Decoder);
        foreach (var segment in text)
        {
            if (!base64.TryAppend(segment.Span, output))
            {
                return false;
            }
        }

        return base64.TryEnd(output) && output.Length > start;
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);
}
