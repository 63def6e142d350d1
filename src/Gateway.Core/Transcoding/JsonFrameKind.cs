namespace Gateway.Core.Transcoding;

/// <summary>How the members or elements of an open object or array are taken.</summary>
internal enum JsonFrameKind : byte
{
    /// <summary>The place of the whole text's one value.</summary>
    Root,

    /// <summary>A message's fields.</summary>
    Message,

    /// <summary>A map's entries, or the members of a <c>Struct</c>.</summary>
    Map,

    /// <summary>A list's elements, or those of a <c>ListValue</c>.</summary>
    List,

    /// <summary>Part of an unknown member: read for its syntax alone.</summary>
    Skipped,
}
