using Gateway.Fuzz.Generation;
using Gateway.Fuzz.Reference;

namespace Gateway.Fuzz;

/// <summary>Inputs that are smaller by one part, so that what is around it still holds together.</summary>
internal static class Reduction
{
    private const int MaxDepth = 100;

    public static IEnumerable<byte[]> Of(Input input) => input.IsJson ? OfJson(input.Bytes) : OfWire(input.Bytes, 0);

    /// <summary>Without one member or element.</summary>
    private static IEnumerable<byte[]> OfJson(byte[] json)
    {
        foreach (var span in JsonSpan.ReadAll(json).OrderByDescending(span => span.ValueEnd - span.Start))
        {
            (var start, var end) = (span.Start, span.ValueEnd);
            if (Next(json, end, 1) is var after && after < json.Length && json[after] == ',')
            {
                end = after + 1;
            }
            else if (Next(json, start - 1, -1) is var before and >= 0 && json[before] == ',')
            {
                start = before;
            }

            yield return [.. json[..start], .. json[end..]];
        }
    }

    private static int Next(byte[] json, int at, int step)
    {
        while (at >= 0 && at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at += step;
        }

        return at;
    }

    /// <summary>Without one field, of the message or of those in it.</summary>
    private static List<byte[]> OfWire(byte[] wire, int depth)
    {
        var smaller = new List<byte[]>();
        var reader = new ReferenceFields(wire);
        for (var start = 0; depth < MaxDepth && reader.TryRead(); start = reader.Position)
        {
            (var before, var after) = (wire[..start], wire[reader.Position..]);
            smaller.Add([.. before, .. after]);
            if (reader.WireType == 2)
            {
                var tag = wire[start..reader.ValueStart];
                smaller.AddRange(OfWire(reader.Value.ToArray(), depth + 1).Select(value => (byte[])[.. before, .. tag, .. Length(value.Length), .. value, .. after]));
            }
        }

        return smaller;
    }

    private static IEnumerable<byte> Length(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
