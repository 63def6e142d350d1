using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>Reads numbers, truth values and enum values from the wire and writes them as JSON.</summary>
internal static class ScalarToJson
{
    /// <summary>Reads a value as bits: what its type does not hold is cut off, so that zero bits mean the zero value.</summary>
    public static bool TryRead(FieldPlan field, ref WireReader reader, out ulong bits)
    {
        bool read;
        switch (field.WireType)
        {
            case WireType.Fixed32:
                read = reader.TryReadFixed32(out var low);
                bits = low;
                return read;
            case WireType.Fixed64:
                return reader.TryReadFixed64(out bits);
            default:
                read = reader.TryReadVarint(out bits);
                break;
        }

        bits = field.Kind switch
        {
            FieldKind.Int32 or FieldKind.UInt32 or FieldKind.SInt32 or FieldKind.Enum => (uint)bits,
            FieldKind.Bool => bits == 0 ? 0UL : 1UL,
            FieldKind.NullValue => 0,
            _ => bits,
        };
        return read;
    }

    /// <summary>Writes the bits as the value that they are.</summary>
    public static void Write(FieldPlan field, ulong bits, ref JsonOutput json)
    {
        switch (field.Kind)
        {
            case FieldKind.Double:
                json.WriteDouble(BitConverter.UInt64BitsToDouble(bits));
                break;
            case FieldKind.Float:
                json.WriteFloat(BitConverter.UInt32BitsToSingle((uint)bits));
                break;
            case FieldKind.Int32 or FieldKind.SFixed32:
                json.WriteInteger((int)bits);
                break;
            case FieldKind.SInt32:
                json.WriteInteger(Varint.UnZigZag((uint)bits));
                break;
            case FieldKind.UInt32 or FieldKind.Fixed32:
                json.WriteInteger((uint)bits);
                break;
            case FieldKind.Bool:
                json.WriteBytes(bits == 0 ? "false"u8 : "true"u8);
                break;
            case FieldKind.Enum:
                WriteEnum(field, (int)bits, ref json);
                break;
            case FieldKind.NullValue:
                json.WriteBytes("null"u8);
                break;
            default:
                json.WriteByte((byte)'"');
                WriteDigits(field.Kind, bits, ref json);
                json.WriteByte((byte)'"');
                break;
        }
    }

    /// <summary>Writes a map's key, which is a string whatever its type.</summary>
    public static void WriteKey(FieldPlan key, ulong bits, ref JsonOutput json)
    {
        json.WriteByte((byte)'"');
        if (key.Kind == FieldKind.Bool)
        {
            json.WriteBytes(bits == 0 ? "false"u8 : "true"u8);
        }
        else
        {
            WriteDigits(key.Kind, bits, ref json);
        }

        json.WriteByte((byte)'"');
    }

    private static void WriteDigits(FieldKind kind, ulong bits, ref JsonOutput json)
    {
        switch (kind)
        {
            case FieldKind.Int32 or FieldKind.SFixed32:
                json.WriteInteger((int)bits);
                break;
            case FieldKind.SInt32:
                json.WriteInteger(Varint.UnZigZag((uint)bits));
                break;
            case FieldKind.Int64 or FieldKind.SFixed64:
                json.WriteInteger((long)bits);
                break;
            case FieldKind.SInt64:
                json.WriteInteger(Varint.UnZigZag(bits));
                break;
            default:
                json.WriteInteger(bits);
                break;
        }
    }

    private static void WriteEnum(FieldPlan field, int number, ref JsonOutput json)
    {
        if (!field.Enum!.Dialect.WritesEnumNumbers && field.Enum.TryGetQuotedName(number, out var name))
        {
            json.WriteBytes(name);
        }
        else
        {
            json.WriteInteger(number);
        }
    }
}
