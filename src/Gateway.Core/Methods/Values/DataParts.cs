using Clarifai.Api;
using Gateway.Core.Wire;

namespace Gateway.Core.Methods.Values;

/// <summary>Fields and parts of data, opened and closed on the wire.</summary>
internal static class DataParts
{
    private static readonly WireTag Part = Tag(Data.PartsFieldNumber);
    private static readonly WireTag PartId = Tag(Clarifai.Api.Part.IdFieldNumber);
    private static readonly WireTag PartData = Tag(Clarifai.Api.Part.DataFieldNumber);

    /// <summary>Opens a field that has a length in front; <see cref="WireWriter.EndLength"/> closes it.</summary>
    public static void Begin(this WireWriter wire, int field)
    {
        wire.WriteTag(Tag(field));
        wire.BeginLength();
    }

    /// <summary>Opens a part of data, and the data in it.</summary>
    /// <param name="wire">Stands in data.</param>
    /// <param name="id">The part's id; empty for none.</param>
    public static void BeginPart(this WireWriter wire, ReadOnlySpan<byte> id)
    {
        wire.WriteTag(Part);
        wire.BeginLength();
        if (!id.IsEmpty)
        {
            wire.WriteTag(PartId);
            wire.WriteLengthDelimited(id);
        }

        wire.WriteTag(PartData);
        wire.BeginLength();
    }

    /// <summary>Closes what <see cref="BeginPart"/> opened.</summary>
    public static void EndPart(this WireWriter wire) => wire.End(2);

    /// <summary>Closes as many lengths.</summary>
    public static void End(this WireWriter wire, int lengths)
    {
        for (; lengths > 0; lengths--)
        {
            wire.EndLength();
        }
    }

    private static WireTag Tag(int field) => new(field, WireType.LengthDelimited);
}
