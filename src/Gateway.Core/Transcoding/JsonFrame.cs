using Gateway.Core.Schema;

namespace Gateway.Core.Transcoding;

/// <summary>An object or array of the JSON text that is open, and what of the wire ends with it.</summary>
internal struct JsonFrame
{
    /// <summary>How the members or elements are to be taken.</summary>
    public JsonFrameKind Kind;

    /// <summary>Lengths on the wire that end with the frame.</summary>
    public byte Slots;

    /// <summary>The message whose members these are; null in lists and maps.</summary>
    public MessagePlan? Message;

    /// <summary>The list or map; null in messages.</summary>
    public FieldPlan? Field;

    /// <summary>What the next value is taken as; null skips it.</summary>
    public FieldPlan? Target;

    /// <summary>Elements so far.</summary>
    public int Count;

    /// <summary>The most elements there may be; 0 for no limit of the list's own.</summary>
    public int MaxCount;

    /// <summary>Where the frame's bits start among those of all frames: one for each field that was given, one for each oneof that was set.</summary>
    public int SeenAt;

    /// <summary>Where the current key starts among the keys of all maps that are open; for error paths only.</summary>
    public int KeyAt;
}
