using System.Globalization;
using System.Text;

namespace Gateway.Core.Binding;

/// <summary>Percent-decoding of a path segment or a query component into UTF-8 (RFC 3986, 2.1).</summary>
public static class PercentEncoding
{
    private const int MaxBytesPerChar = 3;

    /// <summary>The most bytes that <see cref="Decode"/> writes for a text of this many characters.</summary>
    public static int MaxDecodedLength(int chars) => chars * MaxBytesPerChar;

    /// <summary>Decodes; a <c>%</c> that two hex digits do not follow stands for itself.</summary>
    /// <param name="text">The text as it stood in the request target.</param>
    /// <param name="plusIsSpace">Whether <c>+</c> means a space, as in a query (WHATWG URL, 5.1).</param>
    /// <param name="output">At least <see cref="MaxDecodedLength"/> bytes.</param>
    /// <returns>The bytes written. They need not be valid UTF-8.</returns>
    public static int Decode(ReadOnlySpan<char> text, bool plusIsSpace, Span<byte> output)
    {
        var written = 0;
        while (!text.IsEmpty)
        {
            if (text[0] == '%' && text.Length > 2
                && byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                output[written++] = value;
                text = text[3..];
                continue;
            }

            if (text[0] == '+' && plusIsSpace)
            {
                output[written++] = (byte)' ';
                text = text[1..];
                continue;
            }

            Rune.DecodeFromUtf16(text, out var rune, out var consumed);
            written += rune.EncodeToUtf8(output[written..]);
            text = text[consumed..];
        }

        return written;
    }
}
