using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Writes the values that are neither objects nor arrays in JSON, whatever they are on the wire: scalars, text of one part or many, and the
/// messages that JSON shows as a bare value. Answers null, or what is wrong with the value.
/// </summary>
internal sealed class LeafToWire(JsonLimits limits)
{
    private readonly TextToWire _text = new(limits);
    private WireWriter _output = null!;

    /// <summary>Whether a text has begun whose end is still to come.</summary>
    public bool IsOpen => _text.IsOpen;

    public void Reset(WireWriter output)
    {
        _output = output;
        _text.Reset(output);
    }

    /// <summary>Takes a value, or its first part.</summary>
    public JsonFault? Write(FieldPlan field, JsonTokenKind token, ReadOnlySpan<byte> text)
    {
        switch (field.Kind)
        {
            case FieldKind.String or FieldKind.Bytes:
                return WriteText(field, token, text);
            case FieldKind.Timestamp or FieldKind.Duration or FieldKind.FieldMask:
                return WellKnownToWire.Write(field, token, text, _output);
            case FieldKind.Wrapper:
                return WriteInside(field, field.Message!.Fields[0], token, text);
            case FieldKind.Value:
                return WriteInside(field, field.Message!.FieldByNumber(ValueFieldOf(token))!, token, text);
            default:
                return ScalarToWire.Write(field, token, text, _output);
        }
    }

    /// <summary>Takes the next part of a text that is open, or its last.</summary>
    public JsonFault? WriteOn(JsonTokenKind token, ReadOnlySpan<byte> text)
    {
        var fault = _text.Append(text);
        return fault is null && token == JsonTokenKind.String ? _text.End() : fault;
    }

    private JsonFault? WriteText(FieldPlan field, JsonTokenKind token, ReadOnlySpan<byte> text)
    {
        switch (token)
        {
            case JsonTokenKind.String:
                return _text.Write(field, text);
            case JsonTokenKind.StringPart:
                _text.Begin(field);
                return _text.Append(text);
            default:
                return JsonFault.StringWanted;
        }
    }

    /// <summary>Writes a message around one scalar.</summary>
    private JsonFault? WriteInside(FieldPlan outer, FieldPlan inner, JsonTokenKind token, ReadOnlySpan<byte> text)
    {
        if (inner.Kind is FieldKind.String or FieldKind.Bytes)
        {
            return WriteText(outer, token, text);
        }

        var slots = _output.BeginMessage(outer);
        var fault = ScalarToWire.Write(inner, token, text, _output);
        _output.EndMessage(fault is null ? slots : 0);
        return fault;
    }

    private static int ValueFieldOf(JsonTokenKind token) => token switch
    {
        JsonTokenKind.Null => ValueFields.Null,
        JsonTokenKind.Number => ValueFields.Number,
        JsonTokenKind.True or JsonTokenKind.False => ValueFields.Bool,
        _ => ValueFields.String,
    };
}
