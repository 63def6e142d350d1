using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// The fields of <c>google.protobuf.Any</c> (google/protobuf/any.proto) and the member that stands for the first in JSON.
/// </summary>
internal static class AnyFields
{
    public const int TypeUrl = 1;
    public const int Value = 2;

    public static readonly WireTag TypeUrlTag = new(TypeUrl, WireType.LengthDelimited);

    public static ReadOnlySpan<byte> TypeMember => "@type"u8;

    public static ReadOnlySpan<byte> ValueMember => "value"u8;
}
