using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Gateway.Core.Json;

/// <summary>
/// The units of a JSON string that are more than one byte, and that the end of a chunk can therefore cut: escapes and UTF-8 sequences.
/// <code>
///   escape = '\' ( '"' / '\' / '/' / 'b' / 'f' / 'n' / 'r' / 't' / 'u' 4HEXDIG )     RFC 8259, section 7
/// </code>
/// A code point beyond U+FFFF is two <c>\u</c> escapes, a surrogate pair; one half alone is no text and is rejected.
/// </summary>
internal static class JsonEscape
{
    /// <summary>The longest unit: <c>\ud83d\ude00</c>.</summary>
    public const int MaxLength = 12;

    private const int UnicodeLength = 6;

    /// <summary>Reads the unit at the start of <paramref name="source"/>.</summary>
    /// <param name="source">Starts with a backslash or with a byte above 0x7F.</param>
    /// <param name="target">Room for four bytes.</param>
    /// <param name="consumed">The unit's length in the source.</param>
    /// <param name="written">The unit's length as UTF-8.</param>
    /// <param name="fault">Set when the answer is <see cref="OperationStatus.InvalidData"/>.</param>
    public static OperationStatus Read(
        ReadOnlySpan<byte> source, Span<byte> target, out int consumed, out int written, out JsonFault? fault)
    {
        (consumed, written, fault) = (0, 0, null);
        var status = source[0] == '\\'
            ? ReadEscape(source, out var rune, out consumed, out fault)
            : Rune.DecodeFromUtf8(source, out rune, out consumed);
        if (status == OperationStatus.Done)
        {
            written = rune.EncodeToUtf8(target);
        }
        else if (status == OperationStatus.InvalidData)
        {
            fault ??= JsonFault.InvalidUtf8;
        }

        return status;
    }

    private static OperationStatus ReadEscape(ReadOnlySpan<byte> source, out Rune rune, out int consumed, out JsonFault? fault)
    {
        (rune, consumed, fault) = (default, 2, null);
        if (source.Length < 2)
        {
            return OperationStatus.NeedMoreData;
        }

        switch (source[1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/': rune = new Rune((char)source[1]); break;
            case (byte)'b': rune = new Rune('\b'); break;
            case (byte)'f': rune = new Rune('\f'); break;
            case (byte)'n': rune = new Rune('\n'); break;
            case (byte)'r': rune = new Rune('\r'); break;
            case (byte)'t': rune = new Rune('\t'); break;
            case (byte)'u': return ReadUnicode(source, out rune, out consumed, out fault);
            default:
                fault = JsonFault.BadEscape;
                return OperationStatus.InvalidData;
        }

        return OperationStatus.Done;
    }

    private static OperationStatus ReadUnicode(ReadOnlySpan<byte> source, out Rune rune, out int consumed, out JsonFault? fault)
    {
        (rune, consumed, fault) = (default, UnicodeLength, null);
        var status = ReadCodeUnit(source, out var first);
        if (status != OperationStatus.Done || Rune.TryCreate(first, out rune))
        {
            fault = status == OperationStatus.InvalidData ? JsonFault.BadEscape : null;
            return status;
        }

        consumed = MaxLength;
        status = ReadCodeUnit(source[UnicodeLength..], out var second);
        if (status == OperationStatus.InvalidData || (status == OperationStatus.Done && !Rune.TryCreate(first, second, out rune)))
        {
            fault = JsonFault.LoneSurrogate;
            return OperationStatus.InvalidData;
        }

        return status;
    }

    /// <summary>Reads one <c>\uXXXX</c>. Wrong bytes are found as soon as they are there, however short the source is.</summary>
    private static OperationStatus ReadCodeUnit(ReadOnlySpan<byte> source, out char unit)
    {
        unit = default;
        var given = source[..Math.Min(source.Length, UnicodeLength)];
        if (!"\\u"u8.StartsWith(given[..Math.Min(given.Length, 2)]) || (given.Length > 2 && given[2..].ContainsAnyExcept(HexDigits)))
        {
            return OperationStatus.InvalidData;
        }

        if (given.Length < UnicodeLength)
        {
            return OperationStatus.NeedMoreData;
        }

        var read = Utf8Parser.TryParse(given[2..], out ushort value, out _, 'x');
        unit = (char)value;
        return read ? OperationStatus.Done : OperationStatus.InvalidData;
    }

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);
}
