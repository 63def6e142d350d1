using Gateway.Core.Schema;

namespace Gateway.Core.Transcoding;

/// <summary>A message whose JSON is being written, and how far it is.</summary>
internal struct ProtoFrame
{
    /// <summary>The message.</summary>
    public MessagePlan Plan;

    /// <summary>Its wire bytes, in order: see <see cref="WireOrder"/>.</summary>
    public ReadOnlyMemory<byte> Wire;

    /// <summary>The offset of the next tag, or of the next value of a packed run.</summary>
    public int At;

    /// <summary>Where the packed run ends that is being written; 0 outside of one.</summary>
    public int PackedEnd;

    /// <summary>The list or map that is open; null when none is.</summary>
    public FieldPlan? Open;

    /// <summary>Whether the next member of the object needs no comma.</summary>
    public bool IsFirst;

    /// <summary>Whether the next element of the open list or map needs no comma.</summary>
    public bool IsFirstElement;

    /// <summary>How many of the fields that are shown when empty are behind.</summary>
    public int Shown;

    /// <summary>Elements of the open list so far; for error paths only.</summary>
    public int Count;

    /// <summary>The field that is being written; for packed runs and error paths.</summary>
    public FieldPlan? Current;
}
