using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;

namespace Gateway.Core.Binding;

/// <summary>
/// Writes single fields to the wire of a request: what its path and its query say. Each goes in as an occurrence of its own, which merges
/// with what was written before and wins over it. Reusable; not thread-safe.
/// </summary>
/// <param name="output">The request's wire, whose root message is open.</param>
/// <param name="limits">Bounds for values that are JSON.</param>
public sealed class BoundFieldWriter(WireWriter output, JsonLimits limits) : IDisposable
{
    private readonly TextToWire _texts = new(limits);
    private readonly JsonToProto _json = new(limits);
    private readonly List<FieldPlan> _written = [];

    /// <summary>Why a value was refused; null when none was.</summary>
    public JsonError? Error { get; private set; }

    /// <summary>Whether names that are no fields are errors.</summary>
    public bool RejectsUnknownMembers { get; set; }

    /// <summary>The first name that was skipped because it is no field; null for none.</summary>
    public JsonError? FirstUnknown { get; private set; }

    /// <summary>Starts a request.</summary>
    public void Reset()
    {
        FirstUnknown = null;
        _texts.Reset(output);
        _written.Clear();
        Error = null;
    }

    /// <summary>Whether a field of the request itself, or one inside of it, was written.</summary>
    public bool Wrote(FieldPlan rootField) => _written.Contains(rootField);

    /// <summary>
    /// Writes a value as a URL spells it: scalars as in JSON without quotes, booleans in other spellings too, messages as JSON.
    /// </summary>
    /// <param name="path">The field.</param>
    /// <param name="text">The value, percent-encoded.</param>
    /// <param name="plusIsSpace">Whether it stood in a query.</param>
    /// <returns>False when it does not fit the field; <see cref="Error"/> says why.</returns>
    public bool TryWrite(FieldPath path, ReadOnlySpan<char> text, bool plusIsSpace)
    {
        var decoded = ArrayPool<byte>.Shared.Rent(PercentEncoding.MaxDecodedLength(text.Length));
        var length = PercentEncoding.Decode(text, plusIsSpace, decoded);
        var fault = Write(path, decoded.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(decoded);
        if (fault is not null)
        {
            Error = new JsonError(fault.Kind, path.Text, fault.Message);
        }

        return fault is null;
    }

    /// <summary>Passes over a name that is no field.</summary>
    /// <param name="name">The name, decoded.</param>
    /// <returns>False when such names are errors; <see cref="Error"/> says which.</returns>
    public bool TrySkip(string name)
    {
        var unknown = FirstUnknown ?? new JsonError(
            JsonErrorKind.UnknownMember, "", $"unknown parameter {JsonPath.Quote(Encoding.UTF8.GetBytes(name))}");
        (Error, FirstUnknown) = RejectsUnknownMembers ? (unknown, null) : (Error, unknown);
        return !RejectsUnknownMembers;
    }

    /// <summary>Writes a string field inside of a message field, without a URL in between; an empty text writes nothing.</summary>
    public void WriteNested(FieldPlan message, int number, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        output.WriteTag(message.Tag);
        output.BeginLength();
        output.WriteTag(message.Message!.FieldByNumber(number)!.Tag);
        output.WriteLengthDelimited(Encoding.UTF8.GetBytes(text));
        output.EndLength();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private JsonFault? Write(FieldPath path, ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            return JsonFault.InvalidUtf8;
        }

        _written.Add(path.Fields[0]);
        foreach (var outer in path.Fields.AsSpan()[..^1])
        {
            output.WriteTag(outer.Tag);
            output.BeginLength();
        }

        var fault = WriteLeaf(path.Leaf, text);
        if (fault is null)
        {
            output.EndMessage(path.Fields.Length - 1);
        }

        return fault;
    }

    private JsonFault? WriteLeaf(FieldPlan leaf, ReadOnlySpan<byte> text)
    {
        switch (leaf.Cardinality)
        {
            case FieldCardinality.Map:
                return JsonFault.Bad("a map cannot be given in a URL");
            case FieldCardinality.Repeated:
                return WriteValue(leaf.Element!, text);
            case FieldCardinality.Packed:
                // A run of one; runs of one field are read as one list.
                var slots = output.BeginMessage(leaf);
                var fault = WriteValue(leaf.Element!, text);
                output.EndMessage(fault is null ? slots : 0);
                return fault;
            default:
                return WriteValue(leaf, text);
        }
    }

    private JsonFault? WriteValue(FieldPlan field, ReadOnlySpan<byte> text)
    {
        switch (field.Kind)
        {
            case FieldKind.String or FieldKind.Bytes:
                return _texts.Write(field, text);
            case FieldKind.Timestamp or FieldKind.Duration or FieldKind.FieldMask:
                return WellKnownToWire.Write(field, JsonTokenKind.String, text, output);
            case FieldKind.Message or FieldKind.Struct or FieldKind.Value or FieldKind.ListValue or FieldKind.Any:
                return Nest(field, text, WriteJson);
            case FieldKind.Wrapper:
                return Nest(field, text, (inner, value) => WriteValue(inner.Fields[0], value));
            default:
                return ScalarToWire.Write(field, TokenOf(field, text), text, output);
        }
    }

    private JsonFault? Nest(FieldPlan field, ReadOnlySpan<byte> text, WriteContent content)
    {
        var slots = output.BeginMessage(field);
        var fault = content(field.Message!, text);
        output.EndMessage(fault is null ? slots : 0);
        return fault;
    }

    private JsonFault? WriteJson(MessagePlan message, ReadOnlySpan<byte> text)
    {
        _json.Begin(message, output);
        return _json.Feed(text) && _json.Complete() ? null : new JsonFault(_json.Error!.Kind, _json.Error.ToString());
    }

    // A URL has no quotes to tell names from numbers.
    private static JsonTokenKind TokenOf(FieldPlan field, ReadOnlySpan<byte> text) => field.Kind switch
    {
        FieldKind.Bool => BoolOf(text),
        FieldKind.Enum when NumberText.IsNumber(text) => JsonTokenKind.Number,
        _ => JsonTokenKind.String,
    };

    // As Go's ParseBool has them, with which mirrors of google.api.http read a URL; Clarifai's Python client sends True.
    private static JsonTokenKind BoolOf(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text) switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => JsonTokenKind.True,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => JsonTokenKind.False,
        _ => JsonTokenKind.String,
    };

    private delegate JsonFault? WriteContent(MessagePlan message, ReadOnlySpan<byte> text);
}
