namespace Gateway.Core.Transcoding;

/// <summary>How the bytes of a <see cref="WireFrame"/> are to be taken.</summary>
internal enum WireFrameKind : byte
{
    /// <summary>A message that is an object of its fields.</summary>
    Message,

    /// <summary>A <c>Struct</c> or <c>ListValue</c>: what its one field holds, without an object around it.</summary>
    Bare,

    /// <summary>Values without tags.</summary>
    PackedRun,
}
