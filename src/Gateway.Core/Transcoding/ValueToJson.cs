using System.Text.Unicode;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Writes values that have a length on the wire: text, messages, and the messages that JSON shows as something else. Answers true when the
/// value is done; false when it goes on, in a frame on top of the stack or in <paramref name="text"/>, or when the stack has an error.
/// </summary>
internal sealed class ValueToJson(WireStack stack, TextToJson text)
{
    public bool Write(FieldPlan field, ReadOnlyMemory<byte> value, ref JsonOutput json)
    {
        switch (field.Kind)
        {
            case FieldKind.String:
                return text.TryWriteString(value, ref json) ? !text.IsOpen : stack.Fail(JsonFault.StringNotUtf8);
            case FieldKind.Bytes:
                text.WriteBytes(value, ref json);
                return !text.IsOpen;
            case FieldKind.Message:
                json.WriteByte((byte)'{');
                return Open(field.Message!, value);
            case FieldKind.Wrapper:
                return WriteWrapped(field.Message!.Fields[0], value, ref json);
            case FieldKind.Struct or FieldKind.ListValue:
                return OpenBare(field.Message!, value, ref json);
            case FieldKind.Value:
                return WriteJsonValue(field.Message!, value, ref json);
            case FieldKind.Any:
                return WriteAny(field.Message!, value, ref json);
            default:
                var fault = WellKnownToJson.Write(field.Kind, value.Span, ref json);
                return fault is null || stack.Fail(fault);
        }
    }

    /// <summary>Writes one entry of a map.</summary>
    public bool WriteEntry(FieldPlan map, ReadOnlyMemory<byte> bytes, ref JsonOutput json)
    {
        var entry = MapEntry.Read(map, bytes);
        if (!TryWriteKey(map.Key!, entry.Key, ref json))
        {
            return stack.Fail(JsonFault.StringNotUtf8);
        }

        json.WriteByte((byte)':');
        return WritePart(map.Element!, entry.Value, ref json);
    }

    private static bool TryWriteKey(FieldPlan key, WirePart value, ref JsonOutput json)
    {
        if (key.WireType != WireType.LengthDelimited)
        {
            ScalarToJson.WriteKey(key, value.Bits, ref json);
            return true;
        }

        if (!Utf8.IsValid(value.Bytes.Span))
        {
            return false;
        }

        json.WriteByte((byte)'"');
        json.WriteEscaped(value.Bytes.Span);
        json.WriteByte((byte)'"');
        return true;
    }

    private bool WritePart(FieldPlan field, WirePart value, ref JsonOutput json)
    {
        if (field.WireType == WireType.LengthDelimited)
        {
            return Write(field, value.Bytes, ref json);
        }

        ScalarToJson.Write(field, value.Bits, ref json);
        return true;
    }

    private bool WriteWrapped(FieldPlan inner, ReadOnlyMemory<byte> message, ref JsonOutput json) =>
        WirePart.TryReadLast(inner, message, out var value) ? WritePart(inner, value, ref json) : stack.Fail(JsonFault.MalformedWire);

    /// <summary>Writes a <c>google.protobuf.Value</c>; one that has none of its members set is null.</summary>
    private bool WriteJsonValue(MessagePlan plan, ReadOnlyMemory<byte> message, ref JsonOutput json)
    {
        if (!stack.TryOrder(plan, ref message))
        {
            return false;
        }

        var reader = new WireReader(message.Span);
        while (!reader.IsAtEnd)
        {
            reader.TryReadTag(out var tag);
            if (plan.FieldByTag(tag) is { } member)
            {
                var value = WirePart.Read(member, message, ref reader);
                return member.Kind == FieldKind.Double && !double.IsFinite(BitConverter.UInt64BitsToDouble(value.Bits))
                    ? stack.Fail(JsonFault.NotFinite)
                    : WritePart(member, value, ref json);
            }

            reader.TrySkip(tag);
        }

        json.Write("null"u8);
        return true;
    }

    private bool WriteAny(MessagePlan any, ReadOnlyMemory<byte> message, ref JsonOutput json)
    {
        if (!WirePart.TryReadLast(any.FieldByNumber(AnyFields.TypeUrl)!, message, out var typeUrl)
            || !WirePart.TryReadLast(any.FieldByNumber(AnyFields.Value)!, message, out var value))
        {
            return stack.Fail(JsonFault.MalformedWire);
        }

        if (typeUrl.Bytes.Length == 0 && value.Bytes.Length == 0)
        {
            json.Write("{}"u8);
            return true;
        }

        var type = typeUrl.Bytes.Span;
        if (!Utf8.IsValid(type))
        {
            return stack.Fail(JsonFault.StringNotUtf8);
        }

        if (!any.Types.TryGet(type, out var content))
        {
            return stack.Fail(JsonFault.NotRepresentable($"unknown type {JsonPath.Quote(type)}"));
        }

        json.Write("{\"@type\":\""u8);
        json.WriteEscaped(type);
        json.WriteByte((byte)'"');
        if (content.Kind == FieldKind.Message)
        {
            Open(content, value.Bytes, hasMembers: true);
            return false;
        }

        // The object around the value ends as a message without further fields does.
        json.Write(content.AsAnyValue.NextPrefix);
        if (stack.TryNest())
        {
            ref var frame = ref stack.Push(any, default, WireFrameKind.Message, stack.NormalizedCount);
            frame.HasMembers = true;
            frame.Current = AnyFields.Value;
            Write(content.AsAnyValue, value.Bytes, ref json);
        }

        return false;
    }

    private bool Open(MessagePlan plan, ReadOnlyMemory<byte> message, bool hasMembers = false)
    {
        var normalizedBefore = stack.NormalizedCount;
        if (stack.TryOrder(plan, ref message) && stack.TryNest())
        {
            stack.Push(plan, message, WireFrameKind.Message, normalizedBefore).HasMembers = hasMembers;
        }

        return false;
    }

    private bool OpenBare(MessagePlan plan, ReadOnlyMemory<byte> message, ref JsonOutput json)
    {
        var normalizedBefore = stack.NormalizedCount;
        if (stack.TryOrder(plan, ref message) && stack.TryNest())
        {
            stack.Unnest();
            ref var frame = ref stack.Push(plan, message, WireFrameKind.Bare, normalizedBefore);
            MembersToJson.OpenBracket(stack, ref frame, plan.FieldByNumber(1)!, ref json);
        }

        return false;
    }
}
