using System.Buffers;
using System.Text.Unicode;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Transcodes protobuf wire bytes to JSON text, a stretch at a time, so that its caller can wait for a slow reader in between. Reusable:
/// each message starts with <see cref="Begin"/>. Not thread-safe.
/// </summary>
public sealed class ProtoToJson(JsonLimits limits) : IDisposable
{
    /// <summary>How much is written in one go; a single short value may go beyond it.</summary>
    private const int Stretch = 32 * 1024;

    /// <summary>A string or bytes value over this is written in pieces of this size, which base64 wants to be a multiple of three.</summary>
    private const int Piece = 3 * 4096;

    private ProtoFrame[] _frames = new ProtoFrame[16];
    private int _top = -1;
    private FieldPlan? _root;
    private ReadOnlyMemory<byte> _wire;
    private ReadOnlyMemory<byte> _text;
    private FieldKind _textKind;
    private bool _inText;

    /// <summary>Why the message cannot be transcoded; null as long as it can.</summary>
    public JsonError? Error { get; private set; }

    /// <summary>Starts a message.</summary>
    /// <param name="plan">The message.</param>
    /// <param name="wire">Its bytes; they stay the caller's and must not change until the message is written.</param>
    public void Begin(MessagePlan plan, ReadOnlyMemory<byte> wire)
    {
        Reset();
        _root = plan.AsRoot;
        _wire = wire;
    }

    /// <summary>Writes the next stretch.</summary>
    /// <param name="output">Takes the text.</param>
    /// <returns>True when there is no more: the text is whole, or there is an <see cref="Error"/>.</returns>
    public bool Continue(IBufferWriter<byte> output)
    {
        var json = new JsonOutput(output);
        if (_root is { } root)
        {
            _root = null;
            Check(WriteMessage(root, _wire, ref json));
        }

        while (Error is null && (_inText || _top >= 0) && json.Written < Stretch)
        {
            Check(_inText ? WritePiece(ref json) : WriteFields(ref json));
        }

        json.Flush();
        return Error is not null || (!_inText && _top < 0);
    }

    /// <summary>Forgets the message and its memory.</summary>
    public void Reset()
    {
        Array.Clear(_frames, 0, _top + 1);
        (_top, _inText, _root, _wire, _text, Error) = (-1, false, null, default, default, null);
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    private void Check(JsonFault? fault)
    {
        if (fault is not null)
        {
            Error = new JsonError(fault.Kind, Path(), fault.Message);
        }
    }

    private string Path()
    {
        var path = new JsonPath();
        for (var i = 0; i <= _top; i++)
        {
            if (_frames[i] is { Plan.Kind: FieldKind.Message, Current: { } field })
            {
                path.Member(field.JsonName);
            }

            if (_frames[i] is { Open.Cardinality: not FieldCardinality.Map })
            {
                path.Index(_frames[i].Count - 1);
            }
        }

        return path.ToString();
    }

    // One frame's fields, until it ends, something larger begins, or the stretch is full.
    private JsonFault? WriteFields(ref JsonOutput json)
    {
        var depth = _top;
        ref var frame = ref _frames[depth];
        while (_top == depth && !_inText && json.Written < Stretch)
        {
            if (frame.PackedEnd > 0)
            {
                if (WritePacked(ref frame, ref json) is { } fault)
                {
                    return fault;
                }
            }
            else if (frame.At == frame.Wire.Length)
            {
                End(ref frame, ref json);
            }
            else if (WriteField(ref frame, ref json) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private JsonFault? WriteField(ref ProtoFrame frame, ref JsonOutput json)
    {
        var reader = new WireReader(frame.Wire.Span, frame.At);
        if (!reader.TryReadTag(out var tag))
        {
            return JsonFault.MalformedWire;
        }

        if (frame.Plan.FieldByNumber((int)(tag >> 3)) is not { } field || !field.IsOnWireAs(tag))
        {
            var skipped = reader.TrySkip(tag, limits.MaxDepth);
            frame.At = reader.Position;
            return skipped ? null : JsonFault.MalformedWire;
        }

        frame.Current = field;
        return (WireType)(tag & 7) == WireType.LengthDelimited
            ? WriteDelimited(ref frame, field, ref reader, ref json)
            : WriteScalar(ref frame, field, ref reader, ref json);
    }

    private static JsonFault? WriteScalar(ref ProtoFrame frame, FieldPlan field, ref WireReader reader, ref JsonOutput json)
    {
        if (!ScalarToJson.TryRead(field, ref reader, out var bits))
        {
            return JsonFault.MalformedWire;
        }

        frame.At = reader.Position;
        if (bits != 0 || !field.LeavesOutZero)
        {
            BeginValue(ref frame, field, ref json);
            ScalarToJson.Write(field, bits, ref json);
        }

        return null;
    }

    private JsonFault? WriteDelimited(ref ProtoFrame frame, FieldPlan field, ref WireReader reader, ref JsonOutput json)
    {
        if (!reader.TryReadLengthDelimited(out var content))
        {
            return JsonFault.MalformedWire;
        }

        frame.At = reader.Position;
        if (field.WireType != WireType.LengthDelimited)
        {
            frame.At -= content.Length;
            frame.PackedEnd = content.IsEmpty ? 0 : reader.Position;
            return null;
        }

        if (content.IsEmpty && field.LeavesOutZero)
        {
            return null;
        }

        var value = frame.Wire[(reader.Position - content.Length)..reader.Position];
        BeginValue(ref frame, field, ref json);
        return field.Cardinality == FieldCardinality.Map
            ? WriteEntry(field, value, ref json)
            : WriteValue(field, value, ref json);
    }

    private static JsonFault? WritePacked(ref ProtoFrame frame, ref JsonOutput json)
    {
        var field = frame.Current!;
        var reader = new WireReader(frame.Wire.Span[..frame.PackedEnd], frame.At);
        if (!ScalarToJson.TryRead(field, ref reader, out var bits))
        {
            return JsonFault.MalformedWire;
        }

        BeginValue(ref frame, field, ref json);
        ScalarToJson.Write(field, bits, ref json);
        frame.At = reader.Position;
        frame.PackedEnd = frame.At == frame.PackedEnd ? 0 : frame.PackedEnd;
        return null;
    }

    // What comes before a value: the end of the list before it, fields shown though empty, the name, the comma.
    private static void BeginValue(ref ProtoFrame frame, FieldPlan field, ref JsonOutput json)
    {
        if (frame.Open != field)
        {
            CloseList(ref frame, ref json);
            ShowEmpty(ref frame, field.Number, ref json);
            json.WriteMember(field.MemberPrefix, ref frame.IsFirst);
            if (!field.IsRepeated)
            {
                return;
            }

            json.WriteByte(field.Cardinality == FieldCardinality.Map ? (byte)'{' : (byte)'[');
            (frame.Open, frame.IsFirstElement, frame.Count) = (field, true, 0);
        }

        json.WriteSeparator(ref frame.IsFirstElement);
        frame.Count++;
    }

    private static void CloseList(ref ProtoFrame frame, ref JsonOutput json)
    {
        if (frame.Open is { } open)
        {
            json.WriteByte(open.Cardinality == FieldCardinality.Map ? (byte)'}' : (byte)']');
            frame.Open = null;
        }
    }

    // The fields up to a number that are shown though empty. The field of that number itself is not empty.
    private static void ShowEmpty(ref ProtoFrame frame, int upTo, ref JsonOutput json)
    {
        var shown = frame.Plan.ShownFields;
        for (; frame.Shown < shown.Length && shown[frame.Shown].Number <= upTo; frame.Shown++)
        {
            var field = shown[frame.Shown];
            if (field.Number == upTo)
            {
                continue;
            }

            json.WriteMember(field.MemberPrefix, ref frame.IsFirst);
            WriteZero(field, ref json);
        }
    }

    private static void WriteZero(FieldPlan field, ref JsonOutput json)
    {
        switch (field.Cardinality)
        {
            case FieldCardinality.Map:
                json.WriteBytes("{}"u8);
                break;
            case FieldCardinality.Repeated or FieldCardinality.Packed:
                json.WriteBytes("[]"u8);
                break;
            default:
                if (field.Kind is FieldKind.String or FieldKind.Bytes)
                {
                    json.WriteBytes("\"\""u8);
                }
                else
                {
                    ScalarToJson.Write(field, 0, ref json);
                }

                break;
        }
    }

    private void End(ref ProtoFrame frame, ref JsonOutput json)
    {
        if (frame.Plan.Kind == FieldKind.Message)
        {
            CloseList(ref frame, ref json);
            ShowEmpty(ref frame, int.MaxValue, ref json);
        }

        json.WriteByte(frame.Plan.Kind == FieldKind.ListValue ? (byte)']' : (byte)'}');
        frame = default;
        _top--;
    }

    private JsonFault? WriteValue(FieldPlan field, ReadOnlyMemory<byte> content, ref JsonOutput json) => field.Kind switch
    {
        FieldKind.String or FieldKind.Bytes => BeginText(field.Kind, content, ref json),
        _ => WriteMessage(field, content, ref json),
    };

    private JsonFault? WriteMessage(FieldPlan field, ReadOnlyMemory<byte> content, ref JsonOutput json)
    {
        switch (field.Kind)
        {
            case FieldKind.Timestamp:
                return WellKnownToJson.WriteTimestamp(content.Span, ref json);
            case FieldKind.Duration:
                return WellKnownToJson.WriteDuration(content.Span, ref json);
            case FieldKind.FieldMask:
                return WellKnownToJson.WriteFieldMask(content.Span, ref json);
            case FieldKind.Any:
                return JsonFault.NotRepresentable("google.protobuf.Any is not supported");
        }

        switch (WireOrder.Look(field.Message!, content.Span, limits.MaxDepth))
        {
            case WireOrderKind.Malformed:
                return JsonFault.MalformedWire;
            case WireOrderKind.OutOfOrder:
                content = WireOrder.Sort(field.Message!, content, limits.MaxDepth);
                break;
        }

        return field.Kind is FieldKind.Value or FieldKind.Wrapper
            ? WriteInner(field, content, ref json)
            : Push(field.Message!, content, ref json);
    }

    private JsonFault? Push(MessagePlan plan, ReadOnlyMemory<byte> content, ref JsonOutput json)
    {
        if (_top + 1 == limits.MaxDepth)
        {
            return JsonFault.Limit($"nested more than {limits.MaxDepth} deep");
        }

        if (++_top == _frames.Length)
        {
            Array.Resize(ref _frames, _frames.Length * 2);
        }

        // The members of a Struct and the elements of a ListValue are those of its one field.
        var open = plan.Kind == FieldKind.Message ? null : plan.Fields[0];
        _frames[_top] = new ProtoFrame { Plan = plan, Wire = content, IsFirst = true, IsFirstElement = true, Open = open };
        json.WriteByte(plan.Kind == FieldKind.ListValue ? (byte)'[' : (byte)'{');
        return null;
    }

    // A message that is in JSON what its one set field is: a wrapper, or a Value.
    private JsonFault? WriteInner(FieldPlan outer, ReadOnlyMemory<byte> content, ref JsonOutput json)
    {
        var reader = new WireReader(content.Span);
        while (!reader.IsAtEnd && reader.TryReadTag(out var tag))
        {
            if (outer.Message!.FieldByNumber((int)(tag >> 3)) is { } field && field.IsOnWireAs(tag))
            {
                return outer.Kind == FieldKind.Value && field.Kind == FieldKind.Double && IsNotFinite(reader)
                    ? JsonFault.NotFinite
                    : WriteInnerField(field, content, ref reader, ref json);
            }

            reader.TrySkip(tag, limits.MaxDepth);
        }

        if (outer.Kind == FieldKind.Value)
        {
            json.WriteBytes("null"u8);
        }
        else
        {
            WriteZero(outer.Message!.Fields[0], ref json);
        }

        return null;
    }

    private JsonFault? WriteInnerField(FieldPlan field, ReadOnlyMemory<byte> content, ref WireReader reader, ref JsonOutput json)
    {
        if (field.WireType == WireType.LengthDelimited)
        {
            reader.TryReadLengthDelimited(out var value);
            return WriteValue(field, content[(reader.Position - value.Length)..reader.Position], ref json);
        }

        ScalarToJson.TryRead(field, ref reader, out var bits);
        ScalarToJson.Write(field, bits, ref json);
        return null;
    }

    private static bool IsNotFinite(WireReader reader) =>
        reader.TryReadFixed64(out var bits) && !double.IsFinite(BitConverter.UInt64BitsToDouble(bits));

    // entry = key = 1, value = 2; either may be missing, and then it is zero.
    private JsonFault? WriteEntry(FieldPlan map, ReadOnlyMemory<byte> entry, ref JsonOutput json)
    {
        switch (WireOrder.Look(map.Message!, entry.Span, limits.MaxDepth))
        {
            case WireOrderKind.Malformed:
                return JsonFault.MalformedWire;
            case WireOrderKind.OutOfOrder:
                entry = WireOrder.Sort(map.Message!, entry, limits.MaxDepth);
                break;
        }

        var (key, value) = (map.Key!, map.Element!);
        var reader = new WireReader(entry.Span);
        var hasKey = TryFind(key, ref reader);
        if (WriteKey(key, hasKey, ref reader, ref json) is { } fault)
        {
            return fault;
        }

        json.WriteByte((byte)':');
        if (TryFind(value, ref reader))
        {
            return WriteInnerField(value, entry, ref reader, ref json);
        }

        if (value.Message is not null)
        {
            return WriteMessage(value, default, ref json);
        }

        WriteZero(value, ref json);
        return null;
    }

    // Goes to a field's value; the reader stays where it was when the field does not come.
    private bool TryFind(FieldPlan field, ref WireReader reader)
    {
        var ahead = reader;
        while (!ahead.IsAtEnd && ahead.TryReadTag(out var tag))
        {
            if ((int)(tag >> 3) == field.Number && field.IsOnWireAs(tag))
            {
                reader = ahead;
                return true;
            }

            ahead.TrySkip(tag, limits.MaxDepth);
        }

        return false;
    }

    private static JsonFault? WriteKey(FieldPlan key, bool isThere, ref WireReader reader, ref JsonOutput json)
    {
        if (key.Kind != FieldKind.String)
        {
            ulong bits = 0;
            if (isThere)
            {
                ScalarToJson.TryRead(key, ref reader, out bits);
            }

            ScalarToJson.WriteKey(key, bits, ref json);
            return null;
        }

        ReadOnlySpan<byte> text = default;
        if (isThere)
        {
            reader.TryReadLengthDelimited(out text);
        }

        if (!Utf8.IsValid(text))
        {
            return JsonFault.StringNotUtf8;
        }

        json.WriteString(text);
        return null;
    }

    private JsonFault? BeginText(FieldKind kind, ReadOnlyMemory<byte> content, ref JsonOutput json)
    {
        if (kind == FieldKind.String && !Utf8.IsValid(content.Span))
        {
            return JsonFault.StringNotUtf8;
        }

        json.WriteByte((byte)'"');
        (_text, _textKind, _inText) = (content, kind, true);
        return content.Length <= Piece ? WritePiece(ref json) : null;
    }

    private JsonFault? WritePiece(ref JsonOutput json)
    {
        var piece = _text.Span[..Math.Min(Piece, _text.Length)];
        if (_textKind == FieldKind.Bytes)
        {
            json.WriteBase64(piece);
        }
        else
        {
            json.WriteEscaped(piece);
        }

        _text = _text[piece.Length..];
        if (_text.IsEmpty)
        {
            json.WriteByte((byte)'"');
            _inText = false;
        }

        return null;
    }
}
