using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Opens and closes what objects and arrays are on the wire: messages, lists, maps, and the well-known types that JSON shows as one of
/// them.
/// </summary>
internal sealed class NestedToWire(JsonStack stack)
{
    private WireWriter _output = null!;
    private ElementLimit? _limit;

    public void Reset(WireWriter output, ElementLimit? limit) => (_output, _limit) = (output, limit);

    /// <summary>Opens the value of a field that is a list or map.</summary>
    public JsonFault? OpenRepeated(JsonTokenKind kind, FieldPlan field)
    {
        var isMap = field.Cardinality == FieldCardinality.Map;
        if (kind != (isMap ? JsonTokenKind.ObjectStart : JsonTokenKind.ArrayStart))
        {
            return isMap ? JsonFault.ObjectWanted : JsonFault.ArrayWanted;
        }

        var maxCount = stack.Depth == 1 && field == _limit?.Field ? _limit.Max : 0;

        // An empty packed run is taken back at its end.
        var isPacked = field.Cardinality == FieldCardinality.Packed;
        var mark = _output.Mark;
        stack.PushRepeated(field, isPacked ? _output.BeginMessage(field) : 0, maxCount);
        stack.Top.EntryMark = mark;
        return null;
    }

    /// <summary>Opens a value that is an object.</summary>
    public JsonFault? OpenObject(FieldPlan target)
    {
        switch (target.Kind)
        {
            case FieldKind.Message:
                stack.PushMessage(target.Message!, _output.BeginMessage(target));
                return FaultOfDepth();
            case FieldKind.Struct:
                return OpenContent(target, 0);
            case FieldKind.Value:
                return OpenContent(target.Message!.FieldByNumber(ValueFields.Struct)!, _output.BeginMessage(target));
            case FieldKind.Any:
                stack.PushAny(target.Message!, _output.BeginMessage(target));
                return FaultOfDepth();
            default:
                return WantedFor(target);
        }
    }

    /// <summary>Opens a value that is an array.</summary>
    public JsonFault? OpenArray(FieldPlan target)
    {
        switch (target.Kind)
        {
            case FieldKind.ListValue:
                return OpenContent(target, 0);
            case FieldKind.Value:
                return OpenContent(target.Message!.FieldByNumber(ValueFields.List)!, _output.BeginMessage(target));
            default:
                return WantedFor(target);
        }
    }

    /// <summary>Closes the innermost object or array.</summary>
    public JsonFault? End()
    {
        ref var top = ref stack.Top;
        if (top.Kind == JsonFrameKind.AnyValue && top.Count == 0)
        {
            return JsonFault.AnyValueMissing;
        }

        if (top.Kind == JsonFrameKind.Message)
        {
            WriteDefaults(top.Message!);
        }

        if (top is { Kind: JsonFrameKind.List, Count: 0, Field.Cardinality: FieldCardinality.Packed })
        {
            _output.Rewind(top.EntryMark);
        }
        else
        {
            _output.EndMessage(top.Slots);
        }

        stack.Pop();
        EndValue();
        return null;
    }

    /// <summary>Judges how deep the messages are that are open, and so many more.</summary>
    public JsonFault? FaultOfDepth(int opening = 0) =>
        _output.OpenLengths + opening > WireLimits.MaxDepth ? JsonFault.MessagesTooDeep : null;

    /// <summary>Ends a value: the entry of a map ends with it.</summary>
    public void EndValue()
    {
        if (stack.Top.Kind == JsonFrameKind.Map)
        {
            _output.EndLength();
        }
    }

    /// <summary>A <c>Struct</c> is the map that it holds, and a <c>ListValue</c> the list. Lengths opened around it end with it.</summary>
    private JsonFault? OpenContent(FieldPlan target, int outer)
    {
        var slots = outer + _output.BeginMessage(target);
        if (FaultOfDepth() is { } tooDeep)
        {
            return tooDeep;
        }

        stack.PushRepeated(target.Message!.Fields[0], slots);
        return null;
    }

    private void WriteDefaults(MessagePlan message)
    {
        foreach (var field in message.DefaultFields)
        {
            if (!stack.WasGiven(field))
            {
                ScalarToWire.WriteFloat(field, field.DefaultFloat!.Value, _output);
            }
        }
    }

    /// <summary>What a field wants that got an object or array which it has no use for.</summary>
    private static JsonFault WantedFor(FieldPlan target) => target.Kind switch
    {
        FieldKind.Message or FieldKind.Struct or FieldKind.Any => JsonFault.ObjectWanted,
        FieldKind.ListValue => JsonFault.ArrayWanted,
        FieldKind.String or FieldKind.Bytes or FieldKind.Timestamp or FieldKind.Duration or FieldKind.FieldMask => JsonFault.StringWanted,
        FieldKind.Wrapper => WantedFor(target.Message!.Fields[0]),
        FieldKind.Bool => JsonFault.BoolWanted,
        FieldKind.Enum => JsonFault.EnumWanted,
        FieldKind.NullValue => JsonFault.NullWanted,
        _ => JsonFault.NumberWanted,
    };
}
