using System.Buffers;
using System.Text.Unicode;

namespace Gateway.Core.Json;

/// <summary>Which bytes stand for themselves inside a JSON string (RFC 8259, section 7), searched for in vectors.</summary>
internal static class JsonText
{
    /// <summary>ASCII that needs no escape. DEL does not need one by the RFC but is a control character.</summary>
    private static readonly SearchValues<byte> PlainAscii = SearchValues.Create(AsciiWhere(static b => b is >= 0x20 and < 0x7F and not (byte)'"' and not (byte)'\\'));

    /// <summary>What ends a run of text when reading: the quote, an escape, a control character (DEL may come unescaped).</summary>
    private static readonly SearchValues<byte> ReadStops = SearchValues.Create(AsciiWhere(static b => b is < 0x20 or (byte)'"' or (byte)'\\'));

    /// <summary>What has to be escaped when writing.</summary>
    private static readonly SearchValues<byte> WriteStops = SearchValues.Create(AsciiWhere(static b => b is < 0x20 or 0x7F or (byte)'"' or (byte)'\\'));

    /// <summary>The longest escape of one byte: <c>\u001f</c>.</summary>
    public const int MaxEscape = 6;

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    /// <summary>The length of the printable ASCII at the start of <paramref name="text"/>.</summary>
    public static int PlainRun(ReadOnlySpan<byte> text)
    {
        int stop = text.IndexOfAnyExcept(PlainAscii);
        return stop < 0 ? text.Length : stop;
    }

    /// <summary>The first byte of valid UTF-8 that needs an escape, or the text's length.</summary>
    public static int RunToEscape(ReadOnlySpan<byte> text)
    {
        int stop = text.IndexOfAny(WriteStops);
        return stop < 0 ? text.Length : stop;
    }

    /// <summary>Whether a byte of valid UTF-8 has to be escaped.</summary>
    public static bool NeedsEscape(byte value) => WriteStops.Contains(value);

    /// <summary>Writes the escape of one ASCII byte, the short form where there is one.</summary>
    /// <returns>The bytes written: 2 or 6.</returns>
    public static int Escape(byte value, Span<byte> target)
    {
        byte letter = value switch
        {
            (byte)'"' or (byte)'\\' => value,
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            _ => 0,
        };
        target[0] = (byte)'\\';
        if (letter != 0)
        {
            target[1] = letter;
            return 2;
        }

        "u00"u8.CopyTo(target[1..]);
        target[4] = HexDigits[value >> 4];
        target[5] = HexDigits[value & 0xF];
        return MaxEscape;
    }

    /// <summary>
    /// Measures the text that stands for itself at the start of <paramref name="text"/>: up to a quote, an escape, a control character,
    /// or a code point that the end of the span cuts.
    /// </summary>
    /// <returns>False when the text is not UTF-8.</returns>
    public static bool TryMeasureRun(ReadOnlySpan<byte> text, out int run)
    {
        run = PlainRun(text);
        if (run == text.Length || text[run] is < 0x20 or (byte)'"' or (byte)'\\')
        {
            return true;
        }

        int stop = text[run..].IndexOfAny(ReadStops);
        ReadOnlySpan<byte> wide = stop < 0 ? text[run..] : text.Slice(run, stop);
        if (!Utf8.IsValid(wide))
        {
            wide = stop < 0 ? wide[..LastCodePoint(wide)] : default;
            if (stop >= 0 || !Utf8.IsValid(wide))
            {
                return false;
            }
        }

        run += wide.Length;
        return true;
    }

    /// <summary>Where the last code point starts, which the end of the span may cut.</summary>
    private static int LastCodePoint(ReadOnlySpan<byte> text)
    {
        int at = text.Length - 1;
        while (at > 0 && text.Length - at < 4 && (text[at] & 0xC0) == 0x80)
        {
            at--;
        }

        return at;
    }

    private static byte[] AsciiWhere(Func<byte, bool> predicate) =>
        [.. Enumerable.Range(0, 0x80).Select(i => (byte)i).Where(predicate)];
}
