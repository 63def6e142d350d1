using System.Buffers;
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
    /// <summary>What one turn writes, about, unless its caller says otherwise: few turns for most answers, little memory for any.</summary>
    public const int DefaultBudget = 128 * 1024;

    private readonly WireStack _stack;
    private readonly TextToJson _text = new();
    private readonly ValueToJson _values;

    private FieldPlan? _root;
    private ReadOnlyMemory<byte> _message;

    /// <summary>Makes a transcoder; <see cref="Begin"/> comes next.</summary>
    /// <param name="limits">What a message may hold; only the depth matters in this direction.</param>
    public ProtoToJson(JsonLimits limits)
    {
        _stack = new WireStack(limits);
        _values = new ValueToJson(_stack, _text);
    }

    /// <summary>Why the message cannot be written; null as long as it can. What was written before stays with the caller.</summary>
    public JsonError? Error => _stack.Error;

    /// <summary>Starts a message, and forgets the one before.</summary>
    /// <param name="plan">The message.</param>
    /// <param name="wire">Its bytes; they stay the caller's and must not change until the message is written.</param>
    public void Begin(MessagePlan plan, ReadOnlyMemory<byte> wire)
    {
        Reset();
        _root = plan.AsRoot;
        _message = wire;
    }

    /// <summary>
    /// Writes on. True when there is nothing more to write: the message is done, or <see cref="Error"/> tells why it cannot be.
    /// </summary>
    /// <param name="output">Where the text goes.</param>
    /// <param name="budget">After about how many bytes to stop, so that the caller can flush; one number or name may go beyond.</param>
    public bool Continue(IBufferWriter<byte> output, int budget = DefaultBudget)
    {
        var json = new JsonOutput(output, budget);
        if (_root is { } root)
        {
            _root = null;
            _values.Write(root, _message, ref json);
        }

        while (Error is null && !json.IsFull && (_text.IsOpen || !_stack.IsEmpty))
        {
            if (_text.IsOpen)
            {
                _text.Continue(ref json);
            }
            else if (_stack.Top.Kind == WireFrameKind.PackedRun)
            {
                WritePackedRun(ref json);
            }
            else
            {
                WriteFields(ref json);
            }
        }

        json.Flush();
        return Error is not null || (_stack.IsEmpty && !_text.IsOpen);
    }

    /// <summary>Forgets the message and its memory.</summary>
    public void Reset()
    {
        _stack.Reset();
        _text.Reset();
        (_root, _message) = (null, default);
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    /// <summary>
    /// Writes the fields of the message on top, until one of them is a message itself, the budget is used up, or they end.
    /// </summary>
    private void WriteFields(ref JsonOutput json)
    {
        ref var frame = ref _stack.Top;
        var message = frame.Message!;
        var bytes = frame.Bytes.Span;
        var reader = new WireReader(bytes, frame.At);
        var goesOn = true;
        while (goesOn && !reader.IsAtEnd)
        {
            // The bytes were scanned when the message was opened: reading them cannot fail.
            reader.TryReadTag(out var tag);
            if (message.FieldByTag(tag) is not { } field)
            {
                reader.TrySkip(tag);
                continue;
            }

            frame.Current = field.Number;
            if ((WireType)(tag & 7) == WireType.LengthDelimited)
            {
                reader.TryReadLengthDelimited(out var value);
                frame.At = reader.Position;
                goesOn = WriteDelimited(ref frame, field, bytes, value.Length, ref json);
                reader = new WireReader(bytes, frame.At);
            }
            else
            {
                reader.TryReadBits(field.WireType, out var bits);
                frame.At = reader.Position;
                goesOn = WriteScalar(ref frame, field, bits, ref json);
            }
        }

        if (goesOn)
        {
            MembersToJson.End(_stack, ref frame, ref json);
            _stack.Pop();
        }
    }

    private bool WriteScalar(ref WireFrame frame, FieldPlan field, ulong bits, ref JsonOutput json)
    {
        if (!(field.LeavesOutZero && ScalarToJson.IsZero(field.Kind, bits)))
        {
            MembersToJson.BeginValue(_stack, ref frame, field, ref json);
            ScalarToJson.Write(field.Value, bits, ref json);
        }

        return !json.IsFull;
    }

    /// <summary>
    /// Writes a field that has a length and whose value ends where the frame stands. False when it goes on in another frame or another
    /// turn, or failed.
    /// </summary>
    private bool WriteDelimited(ref WireFrame frame, FieldPlan field, scoped ReadOnlySpan<byte> bytes, int length, ref JsonOutput json)
    {
        if (length == 0 && (field.LeavesOutZero || field.IsPackable))
        {
            return true;
        }

        if (field.IsPackable)
        {
            OpenPackedRun(ref frame, field, length, ref json);
            return false;
        }

        MembersToJson.BeginValue(_stack, ref frame, field, ref json);
        var start = frame.At - length;
        if (field.Kind == FieldKind.String
            ? json.TryWritePlain(bytes[start..frame.At])
            : TryWriteFlat(ref frame, field, bytes, start, ref json))
        {
            return !json.IsFull;
        }

        var value = frame.Bytes.Slice(start, length);
        var isDone = field.Cardinality == FieldCardinality.Map
            ? _values.WriteEntry(field, value, ref json)
            : _values.Write(field.Value, value, ref json);
        return isDone && !json.IsFull;
    }

    /// <summary>
    /// Writes a message that is flat and ends where the frame stands, and those behind it in the same list for as long as they are.
    /// </summary>
    private bool TryWriteFlat(ref WireFrame frame, FieldPlan field, scoped ReadOnlySpan<byte> bytes, int start, ref JsonOutput json)
    {
        if (field.Kind != FieldKind.Message
            || field.Cardinality == FieldCardinality.Map
            || !FlatToJson.TryWrite(_stack, field.Message!, bytes, start, frame.At, isNext: false, ref json))
        {
            return false;
        }

        var reader = new WireReader(bytes, frame.At);
        while (field.IsRepeated
            && !json.IsFull
            && reader.TryReadTag(out var tag)
            && tag == field.Tag.Value
            && reader.TryReadLengthDelimited(out var item)
            && FlatToJson.TryWrite(_stack, field.Message!, bytes, reader.Position - item.Length, reader.Position, isNext: true, ref json))
        {
            frame.At = reader.Position;
            frame.Count++;
        }

        return true;
    }

    private void OpenPackedRun(ref WireFrame frame, FieldPlan field, int length, ref JsonOutput json)
    {
        if (frame.Open != field)
        {
            MembersToJson.BeginField(_stack, ref frame, field, ref json);
        }

        var count = frame.Count;
        ref var run = ref _stack.Push(null, frame.Bytes.Slice(frame.At - length, length), WireFrameKind.PackedRun, _stack.NormalizedCount);
        run.Open = field;
        run.Count = count;
    }

    private void WritePackedRun(ref JsonOutput json)
    {
        ref var frame = ref _stack.Top;
        var element = frame.Open!.Value;
        var reader = new WireReader(frame.Bytes.Span, frame.At);
        while (!reader.IsAtEnd && !json.IsFull)
        {
            if (!reader.TryReadBits(element.WireType, out var bits))
            {
                _stack.Fail(JsonFault.MalformedWire);
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
            var count = frame.Count;
            _stack.Pop();
            _stack.Top.Count = count;
        }
    }
}
