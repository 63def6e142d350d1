namespace Gateway.Core.Wire;

/// <summary>
/// How a field's value is laid out on the wire: the low three bits of its tag (protobuf encoding guide, "Message Structure").
/// </summary>
public enum WireType
{
    /// <summary>One varint.</summary>
    Varint = 0,

    /// <summary>Eight bytes, little-endian.</summary>
    Fixed64 = 1,

    /// <summary>A varint length and that many bytes.</summary>
    LengthDelimited = 2,

    /// <summary>Opens a group, a form that proto3 only ever skips.</summary>
    StartGroup = 3,

    /// <summary>Closes the group of the same field number.</summary>
    EndGroup = 4,

    /// <summary>Four bytes, little-endian.</summary>
    Fixed32 = 5,
}
