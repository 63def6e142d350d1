using Gateway.Core.Json;
using Gateway.Core.Wire;

namespace Gateway.Core.Schema;

/// <summary>
/// Everything that the walkers need to know of one field, answered once. Also stands for values that are no field of their own: the
/// elements of a list, the values of a map, a message that is the whole text. Immutable.
/// </summary>
public sealed class FieldPlan
{
    /// <summary>The number in the <c>.proto</c> file; 0 for a message that is the whole text.</summary>
    public required int Number { get; init; }

    /// <summary>The name in the <c>.proto</c> file.</summary>
    public required string ProtoName { get; init; }

    /// <summary>The name that JSON is written with in the schema's dialect.</summary>
    public required string JsonName
    {
        get;
        init => (field, FirstPrefix, NextPrefix) = (value, new JsonLiteral($"\"{value}\":"), new JsonLiteral($",\"{value}\":"));
    }

    /// <summary>What one value is.</summary>
    public required FieldKind Kind { get; init; }

    /// <summary>How many values there may be.</summary>
    public required FieldCardinality Cardinality { get; init; }

    /// <summary>The message that the values are; null for scalars. Of a map, its entry.</summary>
    public MessagePlan? Message { get; init; }

    /// <summary>The enum that the values are of; null for anything else.</summary>
    public EnumPlan? Enum { get; init; }

    /// <summary>One element of a list, or one value of a map; null for singular fields.</summary>
    public FieldPlan? Element { get; init; }

    /// <summary>The key of a map; null for anything else.</summary>
    public FieldPlan? Key { get; init; }

    /// <summary>Whether JSON shows the field when it is unset. Never true for singular messages and oneof members.</summary>
    public bool ShowIfEmpty { get; init; }

    /// <summary>What a JSON text means that leaves the field out; null for nothing.</summary>
    public float? DefaultFloat { get; init; }

    /// <summary>Whether base64 may stand in a URL that holds its content (RFC 2397): <c>data:image/png;base64,…</c>.</summary>
    public bool ReadsDataUrls { get; init; }

    /// <summary>Whether there may be several values: a list or a map.</summary>
    public bool IsRepeated => Cardinality >= FieldCardinality.Repeated;

    /// <summary>One value: the element of a list or map, else the field itself.</summary>
    internal FieldPlan Value => Element ?? this;

    /// <summary>The place of the field among its message's fields, by number.</summary>
    internal int Index { get; init; }

    /// <summary>Which of its message's oneofs the field belongs to, -1 for none.</summary>
    internal int Oneof { get; init; } = -1;

    /// <summary>The bit of the field's oneof among its message's oneofs; 0 when it is in none.</summary>
    internal ulong OneofMask => Oneof < 0 ? 0 : 1UL << Oneof;

    /// <summary>The lowest field number that may follow when fields are in order.</summary>
    internal int NextNumber => Cardinality is FieldCardinality.Repeated or FieldCardinality.Packed ? Number : Number + 1;

    /// <summary>How one value is laid out, when it is not in a packed run.</summary>
    internal WireType WireType { get; init; }

    /// <summary>What is written in front of a value; empty where nothing is.</summary>
    internal WireTag Tag { get; init; }

    /// <summary><c>"name":</c>, in front of an object's first member.</summary>
    internal JsonLiteral FirstPrefix { get; private init; } = null!;

    /// <summary><c>,"name":</c>, in front of every other member.</summary>
    internal JsonLiteral NextPrefix { get; private init; } = null!;

    /// <summary>How JSON shows the field when it is unset.</summary>
    internal ReadOnlySpan<byte> EmptyValue => Cardinality switch
    {
        FieldCardinality.Map => "{}"u8,
        FieldCardinality.Repeated or FieldCardinality.Packed => "[]"u8,
        _ => Kind switch
        {
            FieldKind.String or FieldKind.Bytes => "\"\""u8,
            FieldKind.Bool => "false"u8,
            FieldKind.Int64 or FieldKind.SInt64 or FieldKind.SFixed64 or FieldKind.UInt64 or FieldKind.Fixed64 => "\"0\""u8,
            FieldKind.Enum when !Enum!.Dialect.WritesEnumNumbers && Enum.TryGetQuotedName(0, out var name) => name,
            _ => "0"u8,
        },
    };

    /// <summary>
    /// Whether the field is, by itself and anywhere in its message, a short name with one number, text or time, or a message that may be
    /// made of such.
    /// </summary>
    internal bool IsFlat => !IsRepeated && Oneof < 0 && NextPrefix.Length <= JsonLiteral.VectorLength && Kind switch
    {
        FieldKind.String or FieldKind.Timestamp or FieldKind.Message => true,
        FieldKind.Enum => Enum!.Dialect.WritesEnumNumbers,
        _ => WireType != WireType.LengthDelimited,
    };

    /// <summary>Whether the text of one value has to be at hand as a whole to be read.</summary>
    internal bool ReadsWholeText => Kind switch
    {
        FieldKind.String or FieldKind.Bytes or FieldKind.Value => false,
        FieldKind.Wrapper => Message!.Fields[0].ReadsWholeText,
        _ => true,
    };

    /// <summary>Whether a value that is zero is left out on the wire and, unless it is shown when empty, in JSON.</summary>
    internal bool LeavesOutZero => Cardinality == FieldCardinality.Implicit;

    /// <summary>Whether values may stand in a packed run; readers take both forms, whichever the field declares.</summary>
    internal bool IsPackable => IsRepeated && WireType != WireType.LengthDelimited;

    /// <summary>Whether values of the field come with this wire type. With any other they are unknown fields.</summary>
    internal bool Accepts(WireType type) => type == WireType || (type == WireType.LengthDelimited && IsPackable);

    /// <inheritdoc/>
    public override string ToString() => $"{ProtoName} = {Number}";

}
