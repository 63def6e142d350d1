namespace Gateway.Core.Schema;

/// <summary>What a value is, on the wire and in JSON: the one thing that both walkers switch on.</summary>
public enum FieldKind
{
    /// <summary>Proto <c>double</c>.</summary>
    Double,

    /// <summary>Proto <c>float</c>.</summary>
    Float,

    /// <summary>Proto <c>int32</c>.</summary>
    Int32,

    /// <summary>Proto <c>sint32</c>, zigzag on the wire.</summary>
    SInt32,

    /// <summary>Proto <c>sfixed32</c>.</summary>
    SFixed32,

    /// <summary>Proto <c>uint32</c>.</summary>
    UInt32,

    /// <summary>Proto <c>fixed32</c>.</summary>
    Fixed32,

    /// <summary>Proto <c>int64</c>, a string in JSON, as all 64-bit integers are.</summary>
    Int64,

    /// <summary>Proto <c>sint64</c>, zigzag on the wire.</summary>
    SInt64,

    /// <summary>Proto <c>sfixed64</c>.</summary>
    SFixed64,

    /// <summary>Proto <c>uint64</c>.</summary>
    UInt64,

    /// <summary>Proto <c>fixed64</c>.</summary>
    Fixed64,

    /// <summary>Proto <c>bool</c>.</summary>
    Bool,

    /// <summary>An enum value.</summary>
    Enum,

    /// <summary><c>google.protobuf.NullValue</c>: the JSON null.</summary>
    NullValue,

    /// <summary>Proto <c>string</c>.</summary>
    String,

    /// <summary>Proto <c>bytes</c>, base64 in JSON.</summary>
    Bytes,

    /// <summary>A message without a JSON form of its own: an object.</summary>
    Message,

    /// <summary><c>google.protobuf.Any</c>: an object with <c>@type</c>.</summary>
    Any,

    /// <summary><c>google.protobuf.Timestamp</c>: RFC 3339 text.</summary>
    Timestamp,

    /// <summary><c>google.protobuf.Duration</c>: seconds as text.</summary>
    Duration,

    /// <summary><c>google.protobuf.FieldMask</c>: paths as text.</summary>
    FieldMask,

    /// <summary><c>google.protobuf.Struct</c>: any JSON object.</summary>
    Struct,

    /// <summary><c>google.protobuf.Value</c>: any JSON value.</summary>
    Value,

    /// <summary><c>google.protobuf.ListValue</c>: any JSON array.</summary>
    ListValue,

    /// <summary>One of the <c>google.protobuf.*Value</c> wrappers: the bare value that its one field holds.</summary>
    Wrapper,
}
