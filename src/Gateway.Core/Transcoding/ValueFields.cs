namespace Gateway.Core.Transcoding;

/// <summary>The field numbers of <c>google.protobuf.Value</c>, one oneof (google/protobuf/struct.proto).</summary>
internal static class ValueFields
{
    public const int Null = 1;
    public const int Number = 2;
    public const int String = 3;
    public const int Bool = 4;
    public const int Struct = 5;
    public const int List = 6;
}
