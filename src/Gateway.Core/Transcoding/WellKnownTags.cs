using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// The tags of the well-known types that are one short text in JSON (google/protobuf/{timestamp,duration,field_mask}.proto).
/// </summary>
internal static class WellKnownTags
{
    /// <summary><c>seconds</c> of <c>Timestamp</c> and <c>Duration</c>.</summary>
    public static readonly WireTag Seconds = new(1, WireType.Varint);

    /// <summary><c>nanos</c> of <c>Timestamp</c> and <c>Duration</c>.</summary>
    public static readonly WireTag Nanos = new(2, WireType.Varint);

    /// <summary><c>paths</c> of <c>FieldMask</c>.</summary>
    public static readonly WireTag Paths = new(1, WireType.LengthDelimited);
}
