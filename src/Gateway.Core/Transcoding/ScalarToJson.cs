using System.Buffers.Text;
using System.Globalization;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>Writes numbers, truth values and enum values: the bits on the wire to a JSON token.</summary>
internal static class ScalarToJson
{
    /// <summary>Longer than any number in quotes: the longest double has 24 characters.</summary>
    public const int MaxLength = 40;

    /// <summary>Whether the bits are the kind's zero; bits that the kind does not have do not count.</summary>
    public static bool IsZero(FieldKind kind, ulong bits) =>
        kind is FieldKind.Int32 or FieldKind.UInt32 or FieldKind.SInt32 or FieldKind.Enum or FieldKind.NullValue
            ? (uint)bits == 0
            : bits == 0;

    public static void Write(FieldPlan field, ulong bits, ref JsonOutput json)
    {
        if (field.Kind == FieldKind.Enum && !field.Enum!.Dialect.WritesEnumNumbers && field.Enum.TryGetQuotedName((int)bits, out var name))
        {
            json.Write(name);
        }
        else
        {
            json.Advance(Format(field, bits, json.Reserve(MaxLength)));
        }
    }

    /// <summary>Writes anything but the name of an enum value.</summary>
    /// <param name="field">What the bits are.</param>
    /// <param name="bits">The bits on the wire.</param>
    /// <param name="target">Room for <see cref="MaxLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Format(FieldPlan field, ulong bits, Span<byte> target)
    {
        switch (field.Kind)
        {
            case FieldKind.Float:
                return Float(BitConverter.UInt32BitsToSingle((uint)bits), target);
            case FieldKind.Double:
                return Double(BitConverter.UInt64BitsToDouble(bits), target);
            case FieldKind.SInt32:
                return Number(Varint.UnZigZag((uint)bits), target);
            case FieldKind.UInt32 or FieldKind.Fixed32:
                return Number((uint)bits, target);
            case FieldKind.Int64 or FieldKind.SFixed64:
                return Quoted(Number((long)bits, target[1..]), target);
            case FieldKind.SInt64:
                return Quoted(Number(Varint.UnZigZag(bits), target[1..]), target);
            case FieldKind.UInt64 or FieldKind.Fixed64:
                return Quoted(Number(bits, target[1..]), target);
            case FieldKind.Bool:
                return Literal(bits == 0 ? "false"u8 : "true"u8, target);
            case FieldKind.NullValue:
                return Literal("null"u8, target);
            default:
                return Number((int)bits, target);
        }
    }

    /// <summary>Writes a map's key, which is a string in JSON whatever its type.</summary>
    public static void WriteKey(FieldPlan key, ulong bits, ref JsonOutput json)
    {
        var isQuoted = key.Kind is FieldKind.Int64 or FieldKind.SInt64 or FieldKind.SFixed64 or FieldKind.UInt64 or FieldKind.Fixed64;
        if (!isQuoted)
        {
            json.WriteByte((byte)'"');
        }

        Write(key, bits, ref json);
        if (!isQuoted)
        {
            json.WriteByte((byte)'"');
        }
    }

    private static int Number(long value, Span<byte> target)
    {
        Utf8Formatter.TryFormat(value, target, out var length);
        return length;
    }

    private static int Number(ulong value, Span<byte> target)
    {
        Utf8Formatter.TryFormat(value, target, out var length);
        return length;
    }

    /// <summary>The shortest digits that read back to the same 32-bit float.</summary>
    private static int Float(float value, Span<byte> target)
    {
        if (!float.IsFinite(value))
        {
            return NotFinite(value, target);
        }

        return ShortestFloat.Write(value, target);
    }

    /// <summary>The shortest digits that read back to the same 64-bit float.</summary>
    private static int Double(double value, Span<byte> target)
    {
        if (!double.IsFinite(value))
        {
            return NotFinite(value, target);
        }

        value.TryFormat(target, out var length, default, CultureInfo.InvariantCulture);
        return length;
    }

    private static int NotFinite(double value, Span<byte> target) =>
        Literal(double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8, target);

    /// <summary>Puts quotes around digits that start at the second byte.</summary>
    private static int Quoted(int digits, Span<byte> target)
    {
        target[0] = (byte)'"';
        target[digits + 1] = (byte)'"';
        return digits + 2;
    }

    private static int Literal(ReadOnlySpan<byte> text, Span<byte> target)
    {
        text.CopyTo(target);
        return text.Length;
    }
}
