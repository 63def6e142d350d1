using Gateway.Core.Schema;

namespace Gateway.Core.Transcoding;

/// <summary>A message on the wire, or a packed run, that is being written as JSON.</summary>
internal struct WireFrame
{
    /// <summary>How the bytes are to be taken.</summary>
    public WireFrameKind Kind;

    /// <summary>Whether the object has a member already, so that the next needs a comma.</summary>
    public bool HasMembers;

    /// <summary>The message; null in packed runs.</summary>
    public MessagePlan? Message;

    /// <summary>The message's bytes, in order, without tag and length in front.</summary>
    public ReadOnlyMemory<byte> Bytes;

    /// <summary>How many of them are done.</summary>
    public int At;

    /// <summary>The list or map whose bracket is open; in packed runs the list.</summary>
    public FieldPlan? Open;

    /// <summary>Elements of the open list so far.</summary>
    public int Count;

    /// <summary>The first of the message's shown fields that was not come to yet.</summary>
    public int NextShown;

    /// <summary>The number of the field that is being written, for error paths; 0 before the first.</summary>
    public int Current;

    /// <summary>Normalized messages that were there before the frame; later ones go with it.</summary>
    public int NormalizedBefore;
}
