using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>An object or array of the JSON text that is open, and what of the wire ends with it.</summary>
internal struct JsonFrame
{
    /// <summary>How the members or elements are to be taken.</summary>
    public JsonFrameKind Kind;

    /// <summary>Lengths on the wire that end with the frame.</summary>
    public byte Slots;

    /// <summary>Whether this is what an <c>Any</c> holds, so that it has an <c>@type</c>, which came already.</summary>
    public bool IsAnyContent;

    /// <summary>Whether the members are read again, now that an <c>@type</c> is known that came late among them.</summary>
    public bool IsReplay;

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

    /// <summary>Where the frame's bits start among those of all messages that are open.</summary>
    public int BitsAt;

    /// <summary>Where the current key starts among the keys of all maps that are open; for error paths only.</summary>
    public int KeyAt;

    /// <summary>Where the current entry of a map starts on the wire.</summary>
    public WireMark EntryMark;
}
