using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace Gateway.Core.Json;

/// <summary>Which bytes stand for themselves inside a JSON string (RFC 8259, section 7), searched for in vectors.</summary>
internal static class JsonText
{
    /// <summary>ASCII that needs no escape. DEL does not need one by the RFC but is a control character.</summary>
    private static readonly SearchValues<byte> PlainAscii = SearchValues.Create(
        AsciiWhere(static b => b is >= 0x20 and < 0x7F and not (byte)'"' and not (byte)'\\'));

    /// <summary>What ends a run of text when reading: the quote, an escape, a control character (DEL may come unescaped).</summary>
    private static readonly SearchValues<byte> ReadStops = SearchValues.Create(
        AsciiWhere(static b => b is < 0x20 or (byte)'"' or (byte)'\\'));

    /// <summary>What has to be escaped when writing.</summary>
    private static readonly SearchValues<byte> WriteStops = SearchValues.Create(
        AsciiWhere(static b => b is < 0x20 or 0x7F or (byte)'"' or (byte)'\\'));

    /// <summary>The longest escape of one byte: <c>\u001f</c>.</summary>
    public const int MaxEscape = 6;

    private const ulong Ones = 0x0101010101010101;

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    /// <summary>The length of the printable ASCII at the start of <paramref name="text"/>.</summary>
    public static int PlainRun(ReadOnlySpan<byte> text)
    {
        var stop = text.IndexOfAnyExcept(PlainAscii);
        return stop < 0 ? text.Length : stop;
    }

    /// <summary>
    /// Copies the start of some bytes as <see cref="TryCopyPlain(ReadOnlySpan{byte}, Span{byte})"/> does. Short text is one block whatever
    /// its length, where there are enough bytes behind it to read and to write.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCopyPlain(ReadOnlySpan<byte> bytes, int length, Span<byte> target)
    {
        var room = Math.Min(bytes.Length, target.Length);
        if (length > Vector256<byte>.Count || room < Vector256<byte>.Count)
        {
            return TryCopyPlain(bytes[..length], target);
        }

        var block = Vector256.Create(bytes);
        block.CopyTo(target);
        return (Stops(block) & ((1UL << length) - 1)) == 0;
    }

    /// <summary>
    /// Copies text that is all printable ASCII without a quote or backslash; false, with the target in disorder, when it is not.
    /// Looks at and copies each byte once, which for short text is much faster than a search and a copy.
    /// </summary>
    public static bool TryCopyPlain(ReadOnlySpan<byte> text, Span<byte> target)
    {
        // The last block overlaps the one before, so that how many steps there are depends on the size class alone: branches predict well.
        if (text.Length >= Vector128<byte>.Count)
        {
            var stops = Vector128<sbyte>.Zero;
            var last = text.Length - Vector128<byte>.Count;
            for (var at = 0; at < last; at += Vector128<byte>.Count)
            {
                stops |= CopyBlock(text[at..], target[at..]);
            }

            stops |= CopyBlock(text[last..], target[last..]);
            return stops == Vector128<sbyte>.Zero;
        }

        if (text.Length >= sizeof(ulong))
        {
            return (CopyWord(text, target) | CopyWord(text[^sizeof(ulong)..], target[(text.Length - sizeof(ulong))..])) == 0;
        }

        if (text.Length >= sizeof(uint))
        {
            var head = BinaryPrimitives.ReadUInt32LittleEndian(text);
            var tail = BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..]);
            BinaryPrimitives.WriteUInt32LittleEndian(target, head);
            BinaryPrimitives.WriteUInt32LittleEndian(target[(text.Length - sizeof(uint))..], tail);
            return Stops(head | ((ulong)tail << 32)) == 0;
        }

        var isPlain = true;
        for (var at = 0; at < text.Length; at++)
        {
            target[at] = text[at];
            isPlain &= PlainAscii.Contains(text[at]);
        }

        return isPlain;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> CopyBlock(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var block = Vector128.Create(text);
        block.CopyTo(target);
        var signed = block.AsSByte();
        return Vector128.LessThan(signed, Vector128.Create((sbyte)' '))
            | Vector128.Equals(signed, Vector128.Create((sbyte)'"'))
            | Vector128.Equals(signed, Vector128.Create((sbyte)'\\'))
            | Vector128.Equals(signed, Vector128.Create((sbyte)0x7F));
    }

    /// <summary>Has the bit of each byte that does not stand for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Stops(Vector256<byte> block)
    {
        var signed = block.AsSByte();
        var stops = Vector256.LessThan(signed, Vector256.Create((sbyte)' '))
            | Vector256.Equals(signed, Vector256.Create((sbyte)'"'))
            | Vector256.Equals(signed, Vector256.Create((sbyte)'\\'))
            | Vector256.Equals(signed, Vector256.Create((sbyte)0x7F));
        return stops.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong CopyWord(ReadOnlySpan<byte> text, Span<byte> target)
    {
        var word = BinaryPrimitives.ReadUInt64LittleEndian(text);
        BinaryPrimitives.WriteUInt64LittleEndian(target, word);
        return Stops(word);
    }

    /// <summary>Has a bit when one of eight bytes does not stand for itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Stops(ulong word)
    {
        // Per byte: below a space borrows; a quote or backslash becomes 0 and borrows; DEL carries into the sign; wide text has it.
        var quotes = (word ^ (Ones * '"')) - Ones;
        var backslashes = (word ^ (Ones * '\\')) - Ones;
        return ((word - Ones * ' ') | quotes | backslashes | (word + Ones) | word) & (Ones * 0x80);
    }

    /// <summary>The first byte of valid UTF-8 that needs an escape, or the text's length.</summary>
    public static int RunToEscape(ReadOnlySpan<byte> text)
    {
        var stop = text.IndexOfAny(WriteStops);
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
    /// a code point that the end of the span cuts, or what is not UTF-8.
    /// </summary>
    public static int MeasureRun(ReadOnlySpan<byte> text)
    {
        var run = PlainRun(text);
        if (run == text.Length || text[run] is < 0x20 or (byte)'"' or (byte)'\\')
        {
            return run;
        }

        var stop = text[run..].IndexOfAny(ReadStops);
        var wide = stop < 0 ? text[run..] : text.Slice(run, stop);
        return run + (Utf8.IsValid(wide) ? wide.Length : ValidPrefix(wide));
    }

    /// <summary>Up to a code point that the end of the span cuts, as it does in one chunk of many, or to the first that is none.</summary>
    private static int ValidPrefix(ReadOnlySpan<byte> text)
    {
        var last = LastCodePoint(text);
        if (Utf8.IsValid(text[..last]))
        {
            return last;
        }

        var valid = 0;
        while (Rune.DecodeFromUtf8(text[valid..], out _, out var length) == OperationStatus.Done)
        {
            valid += length;
        }

        return valid;
    }

    /// <summary>Where the last code point starts, which the end of the span may cut.</summary>
    private static int LastCodePoint(ReadOnlySpan<byte> text)
    {
        var at = text.Length - 1;
        while (at > 0 && text.Length - at < 4 && (text[at] & 0xC0) == 0x80)
        {
            at--;
        }

        return at;
    }

    private static byte[] AsciiWhere(Func<byte, bool> predicate) =>
        [.. Enumerable.Range(0, 0x80).Select(i => (byte)i).Where(predicate)];
}
