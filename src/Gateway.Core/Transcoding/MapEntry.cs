using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>One entry of a map on the wire, in its parts; a part that is missing has its zero. The bytes were scanned before.</summary>
internal readonly struct MapEntry
{
    private MapEntry(WirePart key, WirePart value) => (Key, Value) = (key, value);

    public WirePart Key { get; }

    public WirePart Value { get; }

    public static MapEntry Read(FieldPlan map, ReadOnlyMemory<byte> entry)
    {
        WirePart key = default;
        WirePart value = default;
        var reader = new WireReader(entry.Span);
        while (!reader.IsAtEnd)
        {
            reader.TryReadTag(out var tag);
            if (tag == map.Key!.Tag.Value)
            {
                key = WirePart.Read(map.Key, entry, ref reader);
            }
            else if (tag == map.Element!.Tag.Value)
            {
                value = WirePart.Read(map.Element, entry, ref reader);
            }
            else
            {
                reader.TrySkip(tag);
            }
        }

        return new MapEntry(key, value);
    }
}
