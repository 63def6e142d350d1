using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Transcodes JSON text to protobuf wire bytes as the text arrives, in chunks that may end at any byte. Reusable: each message starts with
/// <see cref="Begin"/>. Not thread-safe. The first error ends a message; what was written until then is to be thrown away.
/// </summary>
public sealed class JsonToProto : IByteSink, IDisposable
{
    private readonly JsonLimits _limits;
    private readonly JsonTokenizer _tokens;
    private readonly LeafToWire _leaves;
    private readonly JsonStack _stack = new();
    private readonly NestedToWire _nested;
    private readonly AnyToWire _any;
    private WireWriter _output = null!;
    private int _skipped;
    private AnyCapture? _capture;

    /// <summary>Makes a transcoder with limits for all its messages.</summary>
    /// <param name="limits">What a text may hold.</param>
    public JsonToProto(JsonLimits limits)
    {
        _limits = limits;
        _tokens = new JsonTokenizer(limits);
        _leaves = new LeafToWire(limits);
        _nested = new NestedToWire(_stack);
        _any = new AnyToWire(_stack);
    }

    /// <summary>Why the text cannot be transcoded; null as long as it can.</summary>
    public JsonError? Error { get; private set; }

    /// <summary>
    /// Whether members that the message does not have are errors, whatever the dialect says of them. Counts for what is read from then on.
    /// </summary>
    public bool RejectsUnknownMembers { get; set; }

    /// <summary>The first member that was skipped because the message does not have it; null for none.</summary>
    public JsonError? FirstUnknown { get; private set; }

    /// <summary>Whether the text's value has ended. Only what follows a bare number tells that it has.</summary>
    public bool IsAtEnd => Error is null && _tokens.IsAtEnd;

    /// <summary>Starts a message, and forgets the one before.</summary>
    /// <param name="plan">The message that the text is.</param>
    /// <param name="output">Takes the message's bytes, without a tag or length in front; the caller's to empty and to dispose.</param>
    /// <param name="limit">A bound on one list of the message; null for none.</param>
    public void Begin(MessagePlan plan, WireWriter output, ElementLimit? limit = null)
    {
        (_output, _skipped, Error, FirstUnknown) = (output, 0, null, null);
        _tokens.Reset();
        _leaves.Reset(output);
        _nested.Reset(output, limit);
        _any.Reset(output);
        _stack.Reset(plan.AsRoot);
        EndCapture();
    }

    /// <summary>Takes the next bytes of the text.</summary>
    /// <param name="chunk">Any number of bytes; not kept.</param>
    /// <returns>False when there is an <see cref="Error"/>.</returns>
    public bool Feed(ReadOnlySpan<byte> chunk) => Feed(chunk, stopsAfterValue: false, out _);

    /// <summary>Takes the next bytes of a text that others follow, up to the end of its own value and the white space behind it.</summary>
    /// <param name="chunk">Any number of bytes; not kept.</param>
    /// <param name="consumed">How many of them belong to the text.</param>
    /// <returns>False when there is an <see cref="Error"/>.</returns>
    public bool FeedValue(ReadOnlySpan<byte> chunk, out int consumed) => Feed(chunk, stopsAfterValue: true, out consumed);

    /// <summary>Ends the text.</summary>
    /// <returns>False when there is an <see cref="Error"/>; also when the text ends too early.</returns>
    public bool Complete()
    {
        if (Error is not null)
        {
            return false;
        }

        var kind = _tokens.Finish(out var text);
        var fault = kind switch
        {
            JsonTokenKind.None => null,
            JsonTokenKind.Error => _tokens.Fault,
            _ => TakeValue(kind, text),
        };
        Error = fault is null ? null : Locate(fault, 0);
        return fault is null;
    }

    /// <summary>
    /// Whether the text gave a field of the message itself a value other than null. Valid until the next <see cref="Begin"/>.
    /// </summary>
    /// <param name="field">A field of the message that the text is.</param>
    public bool WasGiven(FieldPlan field) => _stack.WasGivenInRoot(field);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tokens.Reset();
        _stack.Dispose();
        EndCapture();
    }

    private bool Feed(ReadOnlySpan<byte> chunk, bool stopsAfterValue, out int consumed)
    {
        _tokens.StopsAfterValue = stopsAfterValue;
        consumed = 0;
        if (Error is null && Walk(_tokens, chunk, ref consumed) is { } fault)
        {
            Error = Locate(fault, consumed);
        }

        return Error is null;
    }

    // A value's fault is at its path; how far the text was read by then depends on its chunks.
    private JsonError Locate(JsonFault fault, int at) =>
        new(fault.Kind, _stack.Path(), fault.Message, fault.Kind == JsonErrorKind.Syntax ? _tokens.BytesBefore + at : null);

    private JsonFault? Walk(JsonTokenizer tokens, ReadOnlySpan<byte> chunk, ref int at)
    {
        while (true)
        {
            var kind = tokens.Read(chunk, ref at, WantsWholeText(), out var text);
            if (kind == JsonTokenKind.None)
            {
                return _capture?.Keep(chunk, at);
            }

            var fault = kind == JsonTokenKind.Error ? tokens.Fault
                : _capture is null ? Take(tokens, kind, text, at)
                : TakeCaptured(tokens, kind, text, chunk, at);
            if (fault is not null)
            {
                return fault;
            }
        }
    }

    // Text that is not copied to the wire as it comes has to be whole to be read; skipped text does not.
    private bool WantsWholeText()
    {
        if (_capture is not null)
        {
            return _capture.WantsWholeText;
        }

        ref var top = ref _stack.Top;
        return _skipped == 0 && (top.Target is { ReadsWholeText: true } || top.Kind == JsonFrameKind.Any);
    }

    private JsonFault? Take(JsonTokenizer tokens, JsonTokenKind kind, ReadOnlySpan<byte> text, int at)
    {
        if (_skipped > 0)
        {
            Skip(kind);
            return null;
        }

        switch (kind)
        {
            case JsonTokenKind.Name:
                return TakeName(tokens, text, at);
            case JsonTokenKind.ObjectEnd or JsonTokenKind.ArrayEnd:
                return _nested.End();
            case JsonTokenKind.StringPart or JsonTokenKind.String when _leaves.IsOpen:
                return _leaves.WriteOn(kind, text) ?? EndLeaf();
            default:
                return TakeValue(kind, text);
        }
    }

    // Names

    private JsonFault? TakeName(JsonTokenizer tokens, ReadOnlySpan<byte> name, int at)
    {
        ref var top = ref _stack.Top;
        switch (top.Kind)
        {
            case JsonFrameKind.Message:
                return TakeMember(ref top, name);
            case JsonFrameKind.Map:
                return TakeKey(ref top, name);
            case JsonFrameKind.AnyValue:
                return AnyToWire.TryTakeMember(ref top, name, out var fault) ? fault : TakeUnknown(ref top, name);
            default:
                if (!name.SequenceEqual(AnyFields.TypeMember))
                {
                    _capture = new AnyCapture(tokens.Depth, name, at, _limits);
                }

                return null;
        }
    }

    private JsonFault? TakeMember(ref JsonFrame top, ReadOnlySpan<byte> name)
    {
        if (top.Message!.TryGetField(name, out top.Target))
        {
            return _stack.TryName(top.Target) ? null : JsonFault.GivenTwice;
        }

        return AnyToWire.TryTakeType(ref top, name, out var fault) ? fault : TakeUnknown(ref top, name);
    }

    private JsonFault? TakeUnknown(ref JsonFrame top, ReadOnlySpan<byte> name)
    {
        top.Target = null;
        var isIgnored = top.Message!.Dialect.IgnoresUnknownMembers && !RejectsUnknownMembers;
        if (isIgnored && FirstUnknown is not null)
        {
            return null;
        }

        var fault = new JsonFault(JsonErrorKind.UnknownMember, $"unknown member {JsonPath.Quote(name)}");
        if (!isIgnored)
        {
            return fault;
        }

        FirstUnknown = Locate(fault, 0);
        return null;
    }

    private JsonFault? TakeKey(ref JsonFrame top, ReadOnlySpan<byte> key)
    {
        _stack.SetKey(key);
        top.EntryMark = _output.Mark;
        _output.WriteTag(top.Field!.Tag);
        _output.BeginLength();
        return ScalarToWire.WriteKey(top.Field.Key!, key, _output) ?? _nested.FaultOfDepth();
    }

    // Values

    private JsonFault? TakeValue(JsonTokenKind kind, ReadOnlySpan<byte> text)
    {
        ref var top = ref _stack.Top;
        if (top.Kind == JsonFrameKind.Any)
        {
            return kind == JsonTokenKind.String ? _any.OpenContent(text) : JsonFault.StringWanted;
        }

        if (top.Kind == JsonFrameKind.List && Count(ref top) is { } tooMany)
        {
            return tooMany;
        }

        if (top.Target is not { } target)
        {
            Skip(kind);
            return null;
        }

        if (kind == JsonTokenKind.Null && (target.IsRepeated || target.Kind is not (FieldKind.Value or FieldKind.NullValue)))
        {
            // Null means unset, as if the field were not there; elements and map values cannot be unset.
            return top.Kind == JsonFrameKind.Message ? null : JsonFault.NullNotAllowed;
        }

        if (top.Kind == JsonFrameKind.Message && !_stack.TryGive(target))
        {
            return JsonFault.OneofGivenTwice;
        }

        return kind switch
        {
            _ when target.IsRepeated => _nested.OpenRepeated(kind, target),
            JsonTokenKind.ObjectStart => _nested.OpenObject(target),
            JsonTokenKind.ArrayStart => _nested.OpenArray(target),
            _ => TakeLeaf(kind, target, text),
        };
    }

    private JsonFault? TakeLeaf(JsonTokenKind kind, FieldPlan target, ReadOnlySpan<byte> text)
    {
        if (target.Kind is FieldKind.Message or FieldKind.Struct or FieldKind.Any)
        {
            return JsonFault.ObjectWanted;
        }

        if (target.Kind == FieldKind.ListValue)
        {
            return JsonFault.ArrayWanted;
        }

        if (target.Message is not null && _nested.FaultOfDepth(opening: 1) is { } tooDeep)
        {
            return tooDeep;
        }

        var fault = _leaves.Write(target, kind, text);
        if (fault is { Kind: JsonErrorKind.UnknownEnumValue } && target.Enum!.Dialect.IgnoresUnknownEnumNames)
        {
            DropValue();
            return null;
        }

        return fault ?? EndLeaf();
    }

    private static JsonFault? Count(ref JsonFrame list)
    {
        list.Count++;
        return list.MaxCount > 0 && list.Count > list.MaxCount
            ? JsonFault.Limit($"more than {list.MaxCount} elements, the limit for one call")
            : null;
    }

    /// <summary>Takes back what stands in front of a value that is not to be written after all.</summary>
    private void DropValue()
    {
        ref var top = ref _stack.Top;
        if (top.Kind == JsonFrameKind.Map)
        {
            _output.Rewind(top.EntryMark);
        }
    }

    /// <summary>Counts what is open inside of a value that is skipped.</summary>
    private void Skip(JsonTokenKind kind) => _skipped += kind switch
    {
        JsonTokenKind.ObjectStart or JsonTokenKind.ArrayStart => 1,
        JsonTokenKind.ObjectEnd or JsonTokenKind.ArrayEnd => -1,
        _ => 0,
    };

    private JsonFault? EndLeaf()
    {
        if (!_leaves.IsOpen)
        {
            _nested.EndValue();
        }

        return null;
    }

    private JsonFault? TakeCaptured(JsonTokenizer tokens, JsonTokenKind kind, ReadOnlySpan<byte> text, ReadOnlySpan<byte> chunk, int at)
    {
        var fault = _capture!.Look(kind, text, tokens.Depth, out var ended);
        return fault ?? (ended ? _capture.Keep(chunk, at) ?? Replay() : null);
    }

    /// <summary>Reads the members of an <c>Any</c> once more. How deep they nest is bounded, so this recursion is.</summary>
    private JsonFault? Replay()
    {
        using var capture = _capture!;
        _capture = null;
        if (capture.TypeUrl is not { } typeUrl)
        {
            return JsonFault.TypeMissing;
        }

        if (_any.OpenContent(typeUrl) is { } fault)
        {
            return fault;
        }

        _stack.Top.IsReplay = true;
        var tokens = new JsonTokenizer(_limits);
        var at = 0;
        tokens.Read(capture.Text, ref at, whole: false, out _);
        return Walk(tokens, capture.Text, ref at);
    }

    private void EndCapture()
    {
        _capture?.Dispose();
        _capture = null;
    }
}
