using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Writes numbers, truth values and enum values: a JSON token to a tag and a value. Answers null, or what is wrong with the token.
/// </summary>
internal static class ScalarToWire
{
    public static JsonFault? Write(FieldPlan field, JsonTokenKind token, ReadOnlySpan<byte> text, WireWriter output)
    {
        switch (field.Kind)
        {
            case FieldKind.Bool:
                return WriteBool(field, token, output);
            case FieldKind.Enum:
                return WriteEnum(field, token, text, output);
            case FieldKind.NullValue:
                return WriteNull(field, token, text, output);
            default:
                return token is JsonTokenKind.Number or JsonTokenKind.String ? WriteNumber(field, text, output) : JsonFault.NumberWanted;
        }
    }

    /// <summary>Writes a map's key, which is a string in JSON whatever its type.</summary>
    public static JsonFault? WriteKey(FieldPlan key, ReadOnlySpan<byte> text, WireWriter output)
    {
        switch (key.Kind)
        {
            case FieldKind.String:
                output.WriteTag(key.Tag);
                output.WriteLengthDelimited(text);
                return null;
            case FieldKind.Bool when text.SequenceEqual("true"u8):
                return WriteVarint(key, 1, output);
            case FieldKind.Bool when text.SequenceEqual("false"u8):
                return WriteVarint(key, 0, output);
            case FieldKind.Bool:
                return JsonFault.BoolWanted;
            default:
                return WriteNumber(key, text, output);
        }
    }

    public static void WriteFloat(FieldPlan field, float value, WireWriter output) =>
        WriteFixed32(field, BitConverter.SingleToUInt32Bits(value), output);

    private static JsonFault? WriteNumber(FieldPlan field, ReadOnlySpan<byte> text, WireWriter output)
    {
        JsonFault? fault;
        long signed;
        ulong unsigned;
        switch (field.Kind)
        {
            case FieldKind.Float:
                fault = NumberText.ReadFloat(text, out var single);
                return fault ?? WriteFixed32(field, BitConverter.SingleToUInt32Bits(single), output);
            case FieldKind.Double:
                fault = NumberText.ReadDouble(text, out var number);
                return fault ?? WriteFixed64(field, BitConverter.DoubleToUInt64Bits(number), output);
            case FieldKind.Int32:
                fault = NumberText.ReadSigned(text, int.MinValue, int.MaxValue, out signed);
                return fault ?? WriteVarint(field, (ulong)signed, output);
            case FieldKind.SInt32:
                fault = NumberText.ReadSigned(text, int.MinValue, int.MaxValue, out signed);
                return fault ?? WriteVarint(field, Varint.ZigZag((int)signed), output);
            case FieldKind.SFixed32:
                fault = NumberText.ReadSigned(text, int.MinValue, int.MaxValue, out signed);
                return fault ?? WriteFixed32(field, (uint)signed, output);
            case FieldKind.Int64:
                fault = NumberText.ReadSigned(text, long.MinValue, long.MaxValue, out signed);
                return fault ?? WriteVarint(field, (ulong)signed, output);
            case FieldKind.SInt64:
                fault = NumberText.ReadSigned(text, long.MinValue, long.MaxValue, out signed);
                return fault ?? WriteVarint(field, Varint.ZigZag(signed), output);
            case FieldKind.SFixed64:
                fault = NumberText.ReadSigned(text, long.MinValue, long.MaxValue, out signed);
                return fault ?? WriteFixed64(field, (ulong)signed, output);
            case FieldKind.UInt32:
                fault = NumberText.ReadUnsigned(text, uint.MaxValue, out unsigned);
                return fault ?? WriteVarint(field, unsigned, output);
            case FieldKind.Fixed32:
                fault = NumberText.ReadUnsigned(text, uint.MaxValue, out unsigned);
                return fault ?? WriteFixed32(field, (uint)unsigned, output);
            case FieldKind.UInt64:
                fault = NumberText.ReadUnsigned(text, ulong.MaxValue, out unsigned);
                return fault ?? WriteVarint(field, unsigned, output);
            default:
                fault = NumberText.ReadUnsigned(text, ulong.MaxValue, out unsigned);
                return fault ?? WriteFixed64(field, unsigned, output);
        }
    }

    private static JsonFault? WriteBool(FieldPlan field, JsonTokenKind token, WireWriter output) => token switch
    {
        JsonTokenKind.True => WriteVarint(field, 1, output),
        JsonTokenKind.False => WriteVarint(field, 0, output),
        _ => JsonFault.BoolWanted,
    };

    private static JsonFault? WriteEnum(FieldPlan field, JsonTokenKind token, ReadOnlySpan<byte> text, WireWriter output)
    {
        switch (token)
        {
            case JsonTokenKind.Number:
                var fault = NumberText.ReadSigned(text, int.MinValue, int.MaxValue, out var number);
                return fault ?? WriteVarint(field, (ulong)number, output);
            case JsonTokenKind.String when field.Enum!.TryGetNumber(text, out var named):
                return WriteVarint(field, (ulong)named, output);
            case JsonTokenKind.String:
                return new JsonFault(JsonErrorKind.UnknownEnumValue, $"unknown enum value {JsonPath.Quote(text)}");
            default:
                return JsonFault.EnumWanted;
        }
    }

    private static JsonFault? WriteNull(FieldPlan field, JsonTokenKind token, ReadOnlySpan<byte> text, WireWriter output)
    {
        var isNull = token == JsonTokenKind.Null
            || (token == JsonTokenKind.String && text.SequenceEqual("NULL_VALUE"u8))
            || (token == JsonTokenKind.Number && text.SequenceEqual("0"u8));
        return isNull ? WriteVarint(field, 0, output) : JsonFault.NullWanted;
    }

    private static JsonFault? WriteVarint(FieldPlan field, ulong value, WireWriter output)
    {
        if (value != 0 || !field.LeavesOutZero)
        {
            output.WriteTag(field.Tag);
            output.WriteVarint(value);
        }

        return null;
    }

    private static JsonFault? WriteFixed32(FieldPlan field, uint value, WireWriter output)
    {
        if (value != 0 || !field.LeavesOutZero)
        {
            output.WriteTag(field.Tag);
            output.WriteFixed32(value);
        }

        return null;
    }

    private static JsonFault? WriteFixed64(FieldPlan field, ulong value, WireWriter output)
    {
        if (value != 0 || !field.LeavesOutZero)
        {
            output.WriteTag(field.Tag);
            output.WriteFixed64(value);
        }

        return null;
    }
}
