using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Transcodes JSON text to protobuf wire bytes as the text arrives, in chunks that may end at any byte. Reusable: each message starts with
/// <see cref="Begin"/>. Not thread-safe. The first error ends a message; what was written until then is to be thrown away.
/// </summary>
public sealed class JsonToProto : IDisposable
{
    private readonly JsonTokenizer _tokens;
    private readonly TextToWire _texts;
    private readonly JsonStack _stack = new();
    private WireWriter _output = null!;
    private ElementLimit? _limit;

    /// <summary>Makes a transcoder with limits for all its messages.</summary>
    public JsonToProto(JsonLimits limits)
    {
        _tokens = new JsonTokenizer(limits);
        _texts = new TextToWire(limits);
    }

    /// <summary>Why the text cannot be transcoded; null as long as it can.</summary>
    public JsonError? Error { get; private set; }

    /// <summary>Starts a message.</summary>
    /// <param name="plan">The message that the text is.</param>
    /// <param name="output">Takes the message's bytes, without a tag or length in front.</param>
    /// <param name="limit">A bound on one list of the message; null for none.</param>
    public void Begin(MessagePlan plan, WireWriter output, ElementLimit? limit = null)
    {
        (_output, _limit, Error) = (output, limit, null);
        _tokens.Reset();
        _texts.Reset(output);
        _stack.Reset(plan.AsRoot);
    }

    /// <summary>Takes the next bytes of the text.</summary>
    /// <returns>False when there is an <see cref="Error"/>.</returns>
    public bool Feed(ReadOnlySpan<byte> chunk)
    {
        var at = 0;
        while (Error is null)
        {
            var kind = _tokens.Read(chunk, ref at, WantsWholeText(), out var text);
            if (kind == JsonTokenKind.None)
            {
                return true;
            }

            if ((kind == JsonTokenKind.Error ? _tokens.Fault : Take(kind, text)) is { } fault)
            {
                Fail(fault, at);
            }
        }

        return false;
    }

    /// <summary>Ends the text.</summary>
    /// <returns>False when there is an <see cref="Error"/>; also when the text ends too early.</returns>
    public bool Complete()
    {
        if (Error is null)
        {
            var kind = _tokens.Finish(out var text);
            var fault = kind switch
            {
                JsonTokenKind.None => null,
                JsonTokenKind.Error => _tokens.Fault,
                _ => Take(kind, text),
            };
            if (fault is not null)
            {
                Fail(fault, 0);
            }
        }

        return Error is null;
    }

    /// <summary>Whether the text gave a field of the message itself a value other than null. Valid until the next <see cref="Begin"/>.</summary>
    public bool WasGiven(FieldPlan field) => _stack.WasGivenInRoot(field);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Reset();
        _stack.Dispose();
    }

    private void Fail(JsonFault fault, int at) =>
        Error = new JsonError(fault.Kind, _stack.Path(), fault.Message, _tokens.BytesBefore + at);

    // Text that is not copied to the wire as it comes has to be whole to be read; skipped text does not.
    private bool WantsWholeText() => _stack.Top.Target is { ReadsWholeText: true };

    private JsonFault? Take(JsonTokenKind kind, ReadOnlySpan<byte> text)
    {
        switch (kind)
        {
            case JsonTokenKind.Name:
                return TakeName(text);
            case JsonTokenKind.ObjectEnd or JsonTokenKind.ArrayEnd:
                EndFrame();
                return null;
            case JsonTokenKind.StringPart or JsonTokenKind.String when _texts.IsOpen:
                return TakeRestOfText(kind, text);
            default:
                return BeginValue() ?? TakeValue(kind, text);
        }
    }

    private JsonFault? TakeName(ReadOnlySpan<byte> name)
    {
        ref var frame = ref _stack.Top;
        switch (frame.Kind)
        {
            case JsonFrameKind.Message:
                return TakeMember(ref frame, name);
            case JsonFrameKind.Map:
                _stack.SetKey(name);
                _output.WriteTag(frame.Field!.Tag);
                _output.BeginLength();
                return ScalarToWire.WriteKey(frame.Field.Key!, name, _output);
            default:
                return null;
        }
    }

    private JsonFault? TakeMember(ref JsonFrame frame, ReadOnlySpan<byte> name)
    {
        if (frame.Message!.TryGetField(name, out frame.Target))
        {
            return _stack.MarkGiven(frame.Target) ? null : JsonFault.GivenTwice;
        }

        return frame.Message.Dialect.IgnoresUnknownMembers
            ? null
            : new JsonFault(JsonErrorKind.UnknownMember, $"unknown member {JsonPath.Quote(name)}");
    }

    // An element of a list has no name to begin with; it begins with its value.
    private JsonFault? BeginValue()
    {
        ref var frame = ref _stack.Top;
        if (frame.Kind != JsonFrameKind.List)
        {
            return null;
        }

        frame.Count++;
        if (frame.MaxCount > 0 && frame.Count > frame.MaxCount)
        {
            return JsonFault.Limit($"more than {frame.MaxCount} elements, the limit for one call");
        }

        if (frame.Count == 1 && frame.Field!.Cardinality == FieldCardinality.Packed)
        {
            _output.WriteTag(frame.Field.Tag);
            _output.BeginLength();
            frame.Slots++;
        }

        return null;
    }

    private JsonFault? TakeValue(JsonTokenKind kind, ReadOnlySpan<byte> text)
    {
        ref var frame = ref _stack.Top;
        if (frame.Target is not { } target)
        {
            return Skip(kind);
        }

        if (kind == JsonTokenKind.Null && target.Kind is not (FieldKind.Value or FieldKind.NullValue))
        {
            return TakeNull(target);
        }

        if (frame.Kind == JsonFrameKind.Message)
        {
            if (target.IsRepeated)
            {
                return kind == JsonTokenKind.Null ? TakeNull(target) : BeginRepeated(kind, target);
            }

            if (!_stack.MarkOneof(target))
            {
                return JsonFault.Bad("another member of the same oneof is given too");
            }
        }

        return TakeSingular(kind, target, text);
    }

    private JsonFault? Skip(JsonTokenKind kind)
    {
        if (kind is JsonTokenKind.ObjectStart or JsonTokenKind.ArrayStart)
        {
            _stack.Push(JsonFrameKind.Skipped, null, 0);
        }

        return null;
    }

    private JsonFault? TakeNull(FieldPlan target)
    {
        if (_stack.Top.Kind != JsonFrameKind.Message)
        {
            return JsonFault.NullNotAllowed;
        }

        _stack.UnmarkGiven(target);
        return null;
    }

    private JsonFault? BeginRepeated(JsonTokenKind kind, FieldPlan field)
    {
        if (field.Cardinality == FieldCardinality.Map)
        {
            return Open(kind, JsonTokenKind.ObjectStart, JsonFrameKind.Map, field, 0);
        }

        var maxCount = _stack.Depth == 1 && field == _limit?.Field ? _limit.Max : 0;
        return Open(kind, JsonTokenKind.ArrayStart, JsonFrameKind.List, field, 0, maxCount);
    }

    private JsonFault? TakeSingular(JsonTokenKind kind, FieldPlan target, ReadOnlySpan<byte> text)
    {
        switch (target.Kind)
        {
            case FieldKind.Message:
                return kind == JsonTokenKind.ObjectStart ? OpenMessage(target) : JsonFault.ObjectWanted;
            case FieldKind.Struct:
                return kind == JsonTokenKind.ObjectStart
                    ? Open(kind, kind, JsonFrameKind.Map, target.Message!.Fields[0], _output.BeginMessage(target))
                    : JsonFault.ObjectWanted;
            case FieldKind.ListValue:
                return kind == JsonTokenKind.ArrayStart
                    ? Open(kind, kind, JsonFrameKind.List, target.Message!.Fields[0], _output.BeginMessage(target))
                    : JsonFault.ArrayWanted;
            case FieldKind.Value when kind == JsonTokenKind.ObjectStart:
                var members = target.Message!.FieldByNumber(ValueFields.Struct)!;
                return Open(kind, kind, JsonFrameKind.Map, members.Message!.Fields[0], _output.BeginMessage(target) + _output.BeginMessage(members));
            case FieldKind.Value when kind == JsonTokenKind.ArrayStart:
                var elements = target.Message!.FieldByNumber(ValueFields.List)!;
                return Open(kind, kind, JsonFrameKind.List, elements.Message!.Fields[0], _output.BeginMessage(target) + _output.BeginMessage(elements));
            case FieldKind.Any:
                return JsonFault.NotRepresentable("google.protobuf.Any is not supported");
            default:
                return TakeScalar(kind, target, text) ?? EndScalar();
        }
    }

    private JsonFault? TakeScalar(JsonTokenKind kind, FieldPlan target, ReadOnlySpan<byte> text)
    {
        switch (target.Kind)
        {
            case FieldKind.Value:
                return TakeValueScalar(kind, target, text);
            case FieldKind.String or FieldKind.Bytes:
                return TakeText(kind, target, text);
            case FieldKind.Wrapper:
                return TakeWrapper(kind, target, text);
            case FieldKind.Timestamp or FieldKind.Duration or FieldKind.FieldMask:
                return WellKnownToWire.Write(target, kind, text, _output);
            default:
                return ScalarToWire.Write(target, kind, text, _output);
        }
    }

    private JsonFault? TakeText(JsonTokenKind kind, FieldPlan target, ReadOnlySpan<byte> text)
    {
        switch (kind)
        {
            case JsonTokenKind.String:
                return _texts.Write(target, text);
            case JsonTokenKind.StringPart:
                _texts.Begin(target);
                return _texts.Append(text);
            default:
                return JsonFault.StringWanted;
        }
    }

    private JsonFault? TakeRestOfText(JsonTokenKind kind, ReadOnlySpan<byte> text)
    {
        var fault = _texts.Append(text);
        return fault is null && kind == JsonTokenKind.String ? _texts.End() ?? EndScalar() : fault;
    }

    private JsonFault? TakeWrapper(JsonTokenKind kind, FieldPlan target, ReadOnlySpan<byte> text) =>
        kind == JsonTokenKind.StringPart ? TakeText(kind, target, text) : TakeInner(kind, target, target.Message!.Fields[0], text);

    private JsonFault? TakeValueScalar(JsonTokenKind kind, FieldPlan target, ReadOnlySpan<byte> text)
    {
        var number = kind switch
        {
            JsonTokenKind.Null => ValueFields.Null,
            JsonTokenKind.Number => ValueFields.Number,
            JsonTokenKind.True or JsonTokenKind.False => ValueFields.Bool,
            _ => ValueFields.String,
        };
        return kind == JsonTokenKind.StringPart
            ? TakeText(kind, target, text)
            : TakeInner(kind, target, target.Message!.FieldByNumber(number)!, text);
    }

    // A message around one scalar.
    private JsonFault? TakeInner(JsonTokenKind kind, FieldPlan outer, FieldPlan inner, ReadOnlySpan<byte> text)
    {
        var slots = _output.BeginMessage(outer);
        var fault = TakeScalar(kind, inner, text);
        if (fault is null)
        {
            _output.EndMessage(slots);
        }

        return fault;
    }

    private JsonFault? OpenMessage(FieldPlan target)
    {
        _stack.PushMessage(target.Message!, _output.BeginMessage(target));
        return null;
    }

    private JsonFault? Open(JsonTokenKind kind, JsonTokenKind wanted, JsonFrameKind frame, FieldPlan field, int slots, int maxCount = 0)
    {
        if (kind != wanted)
        {
            return wanted == JsonTokenKind.ObjectStart ? JsonFault.ObjectWanted : JsonFault.ArrayWanted;
        }

        _stack.Push(frame, field, slots, maxCount);
        return null;
    }

    private void EndFrame()
    {
        ref var frame = ref _stack.Top;
        if (frame.Message is { DefaultFields.Length: > 0 } message)
        {
            WriteDefaults(message);
        }

        _output.EndMessage(frame.Slots);
        _stack.Pop();
        EndValue();
    }

    private void WriteDefaults(MessagePlan message)
    {
        foreach (var field in message.DefaultFields)
        {
            if (!_stack.WasGiven(field))
            {
                ScalarToWire.WriteFloat(field, field.DefaultFloat!.Value, _output);
            }
        }
    }

    // A value that has opened an object, an array or a text of several parts ends with that.
    private JsonFault? EndScalar()
    {
        if (!_texts.IsOpen)
        {
            EndValue();
        }

        return null;
    }

    private void EndValue()
    {
        ref var frame = ref _stack.Top;
        if (frame.Kind == JsonFrameKind.Map)
        {
            _output.EndLength();
        }
    }
}
