using System.Buffers;
using System.Text.Unicode;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Transcodes protobuf wire bytes to JSON text, as much at a time as its caller asks for. One instance takes one message after another. Not
/// thread-safe.
/// </summary>
public sealed class ProtoToJson : IDisposable
{
    /// <summary>What one turn writes, about, unless its caller says otherwise: a few buffers of a pipe.</summary>
    public const int DefaultBudget = 32 * 1024;

    private const int FirstFrames = 16;

    private readonly JsonLimits _limits;
    private readonly TextToJson _text = new();
    private readonly MessageScan _scan = new();
    private readonly MessageNormalizer _normalizer = new();
    private readonly List<byte[]> _normalized = [];

    private WireFrame[] _frames = new WireFrame[FirstFrames];
    private int _depth;
    private int _nesting;
    private FieldPlan? _root;
    private ReadOnlyMemory<byte> _message;

    /// <summary>Makes a transcoder; <see cref="Begin"/> comes next.</summary>
    /// <param name="limits">What a message may hold; only the depth matters in this direction.</param>
    public ProtoToJson(JsonLimits limits) => _limits = limits;

    /// <summary>Why the message cannot be written; null as long as it can. What was written before stays with the caller.</summary>
    public JsonError? Error { get; private set; }

    private ref WireFrame Top => ref _frames[_depth - 1];

    /// <summary>Starts a message, and forgets the one before.</summary>
    /// <param name="plan">The message.</param>
    /// <param name="wire">Its bytes; they stay the caller's and must not change until the message is written.</param>
    public void Begin(MessagePlan plan, ReadOnlyMemory<byte> wire)
    {
        Reset();
        _root = plan.AsRoot;
        _message = wire;
    }

    /// <summary>Writes on. True when there is nothing more to write: the message is done, or <see cref="Error"/> tells why it cannot be.</summary>
    /// <param name="output">Where the text goes.</param>
    /// <param name="budget">After about how many bytes to stop, so that the caller can flush; one number or name may go beyond.</param>
    public bool Continue(IBufferWriter<byte> output, int budget = DefaultBudget)
    {
        var json = new JsonOutput(output, budget);
        if (_root is { } root)
        {
            _root = null;
            WriteValue(root, _message, ref json);
        }

        while (Error is null && !json.IsFull && (_text.IsOpen || _depth > 0))
        {
            if (_text.IsOpen)
            {
                _text.Continue(ref json);
            }
            else if (Top.Kind == WireFrame.FrameKind.PackedRun)
            {
                WritePackedRun(ref json);
            }
            else
            {
                WriteFields(ref json);
            }
        }

        json.Flush();
        return Error is not null || (_depth == 0 && !_text.IsOpen);
    }

    /// <summary>Forgets the message and its memory.</summary>
    public void Reset()
    {
        FreeNormalized(0);
        _text.Reset();
        Array.Clear(_frames, 0, _depth);
        (_root, _message, _depth, _nesting, Error) = (null, default, 0, 0, null);
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    // Fields

    /// <summary>Writes the fields of the message on top, until one of them is a message itself, the budget is used up, or they end.</summary>
    private void WriteFields(ref JsonOutput json)
    {
        ref WireFrame frame = ref Top;
        var reader = new WireReader(frame.Bytes.Span, frame.At);
        while (!reader.IsAtEnd)
        {
            reader.TryReadTag(out uint tag);
            if (frame.Message!.FieldByTag(tag) is not { } field)
            {
                reader.TrySkip(tag);
                continue;
            }

            frame.Current = field;
            if ((WireType)(tag & 7) == WireType.LengthDelimited)
            {
                reader.TryReadLengthDelimited(out ReadOnlySpan<byte> value);
                frame.At = reader.Position;
                if (!WriteDelimited(ref frame, field, value.Length, ref json))
                {
                    return;
                }
            }
            else
            {
                ScalarToJson.TryRead(ref reader, field.WireType, out ulong bits);
                if (!(field.LeavesOutZero && ScalarToJson.IsZero(field.Kind, bits)))
                {
                    BeginMember(ref frame, field, ref json);
                    ScalarToJson.Write(field.Element ?? field, bits, ref json);
                }
            }

            if (json.IsFull)
            {
                frame.At = reader.Position;
                return;
            }
        }

        EndFields(ref frame, ref json);
    }

    /// <summary>Writes a field whose value ends where the frame stands. False when it goes on in another frame or another turn, or failed.</summary>
    private bool WriteDelimited(ref WireFrame frame, FieldPlan field, int length, ref JsonOutput json)
    {
        if (length == 0 && (field.LeavesOutZero || field.IsPackable))
        {
            return true;
        }

        ReadOnlyMemory<byte> value = frame.Bytes.Slice(frame.At - length, length);
        if (field.IsPackable)
        {
            MoveTo(ref frame, field, ref json);
            Push(new WireFrame { Kind = WireFrame.FrameKind.PackedRun, Open = field, Bytes = value, Count = frame.Count });
            return false;
        }

        BeginMember(ref frame, field, ref json);
        return field.Cardinality == FieldCardinality.Map
            ? WriteEntry(field, value, ref json)
            : WriteValue(field.Element ?? field, value, ref json);
    }

    private bool WriteEntry(FieldPlan map, ReadOnlyMemory<byte> entry, ref JsonOutput json)
    {
        FieldPlan element = map.Element!;
        ReadOnlyMemory<byte> key = default;
        ReadOnlyMemory<byte> value = default;
        ulong keyBits = 0;
        ulong valueBits = 0;
        var reader = new WireReader(entry.Span);
        while (!reader.IsAtEnd)
        {
            reader.TryReadTag(out uint tag);
            if (tag == map.Key!.Tag.Value)
            {
                ReadPart(ref reader, map.Key, entry, out keyBits, out key);
            }
            else if (tag == element.Tag.Value)
            {
                ReadPart(ref reader, element, entry, out valueBits, out value);
            }
            else
            {
                reader.TrySkip(tag);
            }
        }

        if (!WriteKey(map.Key!, keyBits, key.Span, ref json))
        {
            return Fail(JsonFault.StringNotUtf8);
        }

        json.WriteByte((byte)':');
        if (element.WireType == WireType.LengthDelimited)
        {
            return WriteValue(element, value, ref json);
        }

        ScalarToJson.Write(element, valueBits, ref json);
        return true;
    }

    private static void ReadPart(
        ref WireReader reader, FieldPlan part, ReadOnlyMemory<byte> entry, out ulong bits, out ReadOnlyMemory<byte> text)
    {
        (bits, text) = (0, default);
        if (part.WireType != WireType.LengthDelimited)
        {
            ScalarToJson.TryRead(ref reader, part.WireType, out bits);
        }
        else if (reader.TryReadLengthDelimited(out ReadOnlySpan<byte> value))
        {
            text = entry[(reader.Position - value.Length)..reader.Position];
        }
    }

    private static bool WriteKey(FieldPlan key, ulong bits, ReadOnlySpan<byte> text, ref JsonOutput json)
    {
        if (key.WireType != WireType.LengthDelimited)
        {
            ScalarToJson.WriteKey(key, bits, ref json);
            return true;
        }

        if (!Utf8.IsValid(text))
        {
            return false;
        }

        json.WriteByte((byte)'"');
        json.WriteEscaped(text);
        json.WriteByte((byte)'"');
        return true;
    }

    private void WritePackedRun(ref JsonOutput json)
    {
        ref WireFrame frame = ref Top;
        FieldPlan element = frame.Open!.Element!;
        var reader = new WireReader(frame.Bytes.Span, frame.At);
        while (!reader.IsAtEnd && !json.IsFull)
        {
            if (!ScalarToJson.TryRead(ref reader, element.WireType, out ulong bits))
            {
                Fail(JsonFault.MalformedWire);
                return;
            }

            if (frame.Count++ > 0)
            {
                json.WriteByte((byte)',');
            }

            ScalarToJson.Write(element, bits, ref json);
        }

        frame.At = reader.Position;
        if (reader.IsAtEnd)
        {
            int count = frame.Count;
            Pop();
            Top.Count = count;
        }
    }

    // Members and brackets

    /// <summary>Writes everything that comes in front of a value: the name, and the bracket or the comma of a list or map.</summary>
    private void BeginMember(ref WireFrame frame, FieldPlan field, ref JsonOutput json)
    {
        MoveTo(ref frame, field, ref json);
        if (field.IsRepeated && frame.Count++ > 0)
        {
            json.WriteByte((byte)',');
        }
    }

    private void MoveTo(ref WireFrame frame, FieldPlan field, ref JsonOutput json)
    {
        if (frame.Open == field)
        {
            return;
        }

        CloseOpen(ref frame, ref json);
        WriteShownBefore(ref frame, field.Number, ref json);
        WriteName(ref frame, field, ref json);
        if (field.IsRepeated)
        {
            OpenBracket(ref frame, field, ref json);
        }
    }

    private static void WriteShownBefore(ref WireFrame frame, int number, ref JsonOutput json)
    {
        FieldPlan[] shown = frame.Message!.ShownFields;
        for (; frame.NextShown < shown.Length && shown[frame.NextShown].Number <= number; frame.NextShown++)
        {
            FieldPlan field = shown[frame.NextShown];
            if (field.Number < number)
            {
                WriteName(ref frame, field, ref json);
                json.Write(field.EmptyValue);
            }
        }
    }

    private static void WriteName(ref WireFrame frame, FieldPlan field, ref JsonOutput json)
    {
        json.Write(frame.HasMembers ? field.MemberPrefix : field.MemberPrefix.AsSpan(1));
        frame.HasMembers = true;
    }

    private void OpenBracket(ref WireFrame frame, FieldPlan field, ref JsonOutput json)
    {
        json.WriteByte(field.Cardinality == FieldCardinality.Map ? (byte)'{' : (byte)'[');
        frame.Open = field;
        frame.Count = 0;
        _nesting++;
    }

    private void CloseOpen(ref WireFrame frame, ref JsonOutput json)
    {
        if (frame.Open is { } open)
        {
            json.WriteByte(open.Cardinality == FieldCardinality.Map ? (byte)'}' : (byte)']');
            frame.Open = null;
            _nesting--;
        }
    }

    private void EndFields(ref WireFrame frame, ref JsonOutput json)
    {
        CloseOpen(ref frame, ref json);
        if (frame.Kind == WireFrame.FrameKind.Message)
        {
            WriteShownBefore(ref frame, int.MaxValue, ref json);
            json.WriteByte((byte)'}');
            _nesting--;
        }

        Pop();
    }

    // Values

    /// <summary>Writes a string, bytes or a message. False when it goes on in another frame or another turn, or failed.</summary>
    private bool WriteValue(FieldPlan field, ReadOnlyMemory<byte> value, ref JsonOutput json)
    {
        switch (field.Kind)
        {
            case FieldKind.String:
                return _text.TryWriteString(value, ref json) ? !_text.IsOpen : Fail(JsonFault.StringNotUtf8);
            case FieldKind.Bytes:
                _text.WriteBytes(value, ref json);
                return !_text.IsOpen;
            case FieldKind.Message:
                return OpenMessage(field.Message!, value, hasMembers: false, ref json);
            case FieldKind.Wrapper:
                return WriteWrapped(field.Message!.Fields[0], value, ref json);
            case FieldKind.Struct or FieldKind.ListValue:
                return OpenBare(field.Message!, value, ref json);
            case FieldKind.Value:
                return WriteJsonValue(field.Message!, value, ref json);
            case FieldKind.Any:
                return WriteAny(field.Message!, value, ref json);
            default:
                JsonFault? fault = WellKnownToJson.Write(field.Kind, value.Span, ref json);
                return fault is null || Fail(fault);
        }
    }

    private bool WriteWrapped(FieldPlan inner, ReadOnlyMemory<byte> message, ref JsonOutput json)
    {
        if (!TryReadLast(inner, message, out ulong bits, out ReadOnlyMemory<byte> value))
        {
            return Fail(JsonFault.MalformedWire);
        }

        if (inner.WireType == WireType.LengthDelimited)
        {
            return WriteValue(inner, value, ref json);
        }

        ScalarToJson.Write(inner, bits, ref json);
        return true;
    }

    /// <summary>Writes a <c>google.protobuf.Value</c>; one that has none of its members set is null.</summary>
    private bool WriteJsonValue(MessagePlan plan, ReadOnlyMemory<byte> message, ref JsonOutput json)
    {
        if (!TryOrder(plan, ref message))
        {
            return Fail(JsonFault.MalformedWire);
        }

        var reader = new WireReader(message.Span);
        while (!reader.IsAtEnd)
        {
            reader.TryReadTag(out uint tag);
            if (plan.FieldByTag(tag) is not { } member)
            {
                reader.TrySkip(tag);
                continue;
            }

            ReadPart(ref reader, member, message, out ulong bits, out ReadOnlyMemory<byte> value);
            if (member.WireType == WireType.LengthDelimited)
            {
                return WriteValue(member, value, ref json);
            }

            if (member.Kind == FieldKind.Double && !double.IsFinite(BitConverter.UInt64BitsToDouble(bits)))
            {
                return Fail(JsonFault.NotFinite);
            }

            ScalarToJson.Write(member, bits, ref json);
            return true;
        }

        json.Write("null"u8);
        return true;
    }

    private bool WriteAny(MessagePlan any, ReadOnlyMemory<byte> message, ref JsonOutput json)
    {
        if (!TryReadLast(any.FieldByNumber(AnyFields.TypeUrl)!, message, out _, out ReadOnlyMemory<byte> typeUrl)
            || !TryReadLast(any.FieldByNumber(AnyFields.Value)!, message, out _, out ReadOnlyMemory<byte> value))
        {
            return Fail(JsonFault.MalformedWire);
        }

        if (typeUrl.Length == 0 && value.Length == 0)
        {
            json.Write("{}"u8);
            return true;
        }

        if (!any.Types.TryGet(typeUrl.Span, out MessagePlan? content) || !Utf8.IsValid(typeUrl.Span))
        {
            return Fail(JsonFault.NotRepresentable($"unknown type {JsonPath.Quote(typeUrl.Span)}"));
        }

        json.Write("{\"@type\":\""u8);
        json.WriteEscaped(typeUrl.Span);
        json.WriteByte((byte)'"');
        if (content.Kind == FieldKind.Message)
        {
            return OpenMessage(content, value, hasMembers: true, ref json);
        }

        // The object around the value ends as a message without further fields does.
        json.Write(content.AsAnyValue.MemberPrefix);
        if (TryNest())
        {
            Push(new WireFrame { Message = any, HasMembers = true, Current = content.AsAnyValue, NormalizedBefore = _normalized.Count });
            WriteValue(content.AsAnyValue, value, ref json);
        }

        return false;
    }

    private bool OpenMessage(MessagePlan plan, ReadOnlyMemory<byte> message, bool hasMembers, ref JsonOutput json)
    {
        int normalizedBefore = _normalized.Count;
        if (!TryOrder(plan, ref message))
        {
            return Fail(JsonFault.MalformedWire);
        }

        if (!hasMembers)
        {
            json.WriteByte((byte)'{');
        }

        return TryNest() && Push(new WireFrame { Message = plan, Bytes = message, HasMembers = hasMembers, NormalizedBefore = normalizedBefore });
    }

    private bool OpenBare(MessagePlan plan, ReadOnlyMemory<byte> message, ref JsonOutput json)
    {
        int normalizedBefore = _normalized.Count;
        if (!TryOrder(plan, ref message))
        {
            return Fail(JsonFault.MalformedWire);
        }

        if (!TryNest())
        {
            return false;
        }

        _nesting--;
        var frame = new WireFrame { Kind = WireFrame.FrameKind.Bare, Message = plan, Bytes = message, NormalizedBefore = normalizedBefore };
        OpenBracket(ref frame, plan.FieldByNumber(1)!, ref json);
        return Push(frame);
    }

    /// <summary>Reads the last value of a field, which is the one that counts; its zero when there is none.</summary>
    private static bool TryReadLast(FieldPlan field, ReadOnlyMemory<byte> message, out ulong bits, out ReadOnlyMemory<byte> value)
    {
        (bits, value) = (0, default);
        var reader = new WireReader(message.Span);
        while (!reader.IsAtEnd)
        {
            int start = reader.Position;
            if (!reader.TryReadTag(out uint tag) || !reader.TrySkip(tag))
            {
                return false;
            }

            if (tag == field.Tag.Value)
            {
                var part = new WireReader(message.Span, start);
                part.TryReadTag(out _);
                ReadPart(ref part, field, message, out bits, out value);
            }
        }

        return true;
    }

    // Frames

    /// <summary>Checks a message's fields, and puts them in order if they are not; false when it is malformed.</summary>
    private bool TryOrder(MessagePlan plan, ref ReadOnlyMemory<byte> message)
    {
        MessageOrder order = _scan.Scan(plan, message);
        if (order == MessageOrder.Disordered)
        {
            byte[] ordered = ArrayPool<byte>.Shared.Rent(message.Length);
            _normalized.Add(ordered);
            int length = _normalizer.Normalize(plan, message, ordered);
            message = ordered.AsMemory(0, length);
        }

        return order != MessageOrder.Malformed;
    }

    private bool TryNest()
    {
        bool fits = _nesting < _limits.MaxDepth;
        _nesting++;
        return fits || Fail(JsonFault.Limit($"nested more than {_limits.MaxDepth} deep"));
    }

    /// <summary>Puts a frame on top; answers false, as the value goes on in it.</summary>
    private bool Push(in WireFrame frame)
    {
        if (_depth == _frames.Length)
        {
            Array.Resize(ref _frames, _frames.Length * 2);
        }

        _frames[_depth++] = frame;
        return false;
    }

    private void Pop()
    {
        ref WireFrame frame = ref Top;
        if (frame.Kind != WireFrame.FrameKind.PackedRun)
        {
            FreeNormalized(frame.NormalizedBefore);
        }

        frame.Bytes = default;
        _depth--;
    }

    private void FreeNormalized(int keep)
    {
        for (int i = _normalized.Count - 1; i >= keep; i--)
        {
            ArrayPool<byte>.Shared.Return(_normalized[i]);
            _normalized.RemoveAt(i);
        }
    }

    private bool Fail(JsonFault fault)
    {
        Error = new JsonError(fault.Kind, PathToTop(), fault.Message);
        return false;
    }

    private string PathToTop()
    {
        var path = new JsonPath();
        for (int i = 0; i < _depth; i++)
        {
            ref WireFrame frame = ref _frames[i];
            if (frame is { Kind: WireFrame.FrameKind.Message, Current: { } field })
            {
                path.Member(field.JsonName);
            }

            if (frame.Open is { Cardinality: not FieldCardinality.Map } && frame.Kind != WireFrame.FrameKind.PackedRun)
            {
                path.Index(frame.Count - 1);
            }
        }

        return path.ToString();
    }
}
