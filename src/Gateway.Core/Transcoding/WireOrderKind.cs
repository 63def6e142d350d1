namespace Gateway.Core.Transcoding;

/// <summary>What a first look at a message's wire bytes finds.</summary>
internal enum WireOrderKind : byte
{
    /// <summary>One pass will do.</summary>
    InOrder,

    /// <summary>Well-formed, but to be put in order first.</summary>
    OutOfOrder,

    /// <summary>Not protobuf.</summary>
    Malformed,
}
