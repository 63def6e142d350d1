using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Tells whether a message's wire bytes can be written as JSON in one pass, and puts them in order when not. In order means: known fields by
/// number, each singular one once, the elements of a list together, at most one member of a oneof, one entry for each key of a map.
/// Practically every writer writes so; protobuf allows anything.
/// </summary>
internal static class WireOrder
{
    private const int MaxOneofs = 64;

    /// <summary>Looks at the tags of one message, not into its values.</summary>
    public static WireOrderKind Look(MessagePlan plan, ReadOnlySpan<byte> wire, int maxDepth)
    {
        var reader = new WireReader(wire);
        var last = 0;
        var oneofs = 0UL;
        var ordered = plan.OneofCount <= MaxOneofs;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag) || !reader.TrySkip(tag, maxDepth))
            {
                return WireOrderKind.Malformed;
            }

            if (plan.FieldByNumber((int)(tag >> 3)) is not { } field || !field.IsOnWireAs(tag))
            {
                continue;
            }

            ordered &= field.Number > last || (field.Number == last && field.IsRepeated && field.Cardinality != FieldCardinality.Map);
            last = field.Number;
            if (field.Oneof >= 0)
            {
                var bit = 1UL << field.Oneof;
                ordered &= (oneofs & bit) == 0;
                oneofs |= bit;
            }
        }

        return ordered ? WireOrderKind.InOrder : WireOrderKind.OutOfOrder;
    }

    /// <summary>Puts a well-formed message in order. Unknown fields are left out.</summary>
    public static byte[] Sort(MessagePlan plan, ReadOnlyMemory<byte> wire, int maxDepth)
    {
        var occurrences = Occurrences(plan, wire.Span, maxDepth);
        using var output = new WireWriter();
        foreach (var field in occurrences.GroupBy(one => one.Field).OrderBy(group => group.Key.Number))
        {
            Write(field.Key, Surviving(field.Key, [.. field], occurrences), wire.Span, output);
        }

        return System.Buffers.BuffersExtensions.ToArray(output.Written);
    }

    private static List<Occurrence> Occurrences(MessagePlan plan, ReadOnlySpan<byte> wire, int maxDepth)
    {
        var occurrences = new List<Occurrence>();
        var reader = new WireReader(wire);
        while (!reader.IsAtEnd)
        {
            var start = reader.Position;
            reader.TryReadTag(out var tag);
            var value = reader.Position;
            reader.TrySkip(tag, maxDepth);
            if (plan.FieldByNumber((int)(tag >> 3)) is { } field && field.IsOnWireAs(tag))
            {
                occurrences.Add(new Occurrence(field, start, value, reader.Position));
            }
        }

        return occurrences;
    }

    // Setting a member of a oneof unsets the others, so only what comes after the last other member counts.
    private static List<Occurrence> Surviving(FieldPlan field, List<Occurrence> own, List<Occurrence> all)
    {
        if (field.Oneof >= 0)
        {
            var lastOther = all.FindLast(other => other.Field.Oneof == field.Oneof && other.Field != field);
            own.RemoveAll(one => one.Start < lastOther.Start);
        }

        return own;
    }

    private static void Write(FieldPlan field, List<Occurrence> occurrences, ReadOnlySpan<byte> wire, WireWriter output)
    {
        if (occurrences.Count == 0)
        {
            return;
        }

        if (field.Cardinality == FieldCardinality.Map)
        {
            foreach (var entry in LastOfEachKey(field, occurrences, wire))
            {
                output.WriteBytes(wire[entry.Start..entry.End]);
            }
        }
        else if (field.IsRepeated)
        {
            foreach (var element in occurrences)
            {
                output.WriteBytes(wire[element.Start..element.End]);
            }
        }
        else if (field.Message is null || occurrences.Count == 1)
        {
            output.WriteBytes(wire[occurrences[^1].Start..occurrences[^1].End]);
        }
        else
        {
            Merge(field, occurrences, wire, output);
        }
    }

    // Bytes of messages one after another are the merged message.
    private static void Merge(FieldPlan field, List<Occurrence> occurrences, ReadOnlySpan<byte> wire, WireWriter output)
    {
        output.WriteTag(field.Tag);
        output.BeginLength();
        foreach (var occurrence in occurrences)
        {
            var reader = new WireReader(wire[..occurrence.End], occurrence.Value);
            reader.TryReadLengthDelimited(out var content);
            output.WriteBytes(content);
        }

        output.EndLength();
    }

    private static Dictionary<string, Occurrence>.ValueCollection LastOfEachKey(FieldPlan map, List<Occurrence> entries, ReadOnlySpan<byte> wire)
    {
        var last = new Dictionary<string, Occurrence>();
        foreach (var entry in entries)
        {
            var reader = new WireReader(wire[..entry.End], entry.Value);
            reader.TryReadLengthDelimited(out var content);
            last[MapKey(map.Key!, content)] = entry;
        }

        return last.Values;
    }

    // The key's bytes as text; keys of integer types are equal when their varints are, which every writer writes minimally.
    private static string MapKey(FieldPlan key, ReadOnlySpan<byte> entry)
    {
        var found = "";
        var reader = new WireReader(entry);
        while (!reader.IsAtEnd && reader.TryReadTag(out var tag))
        {
            var start = reader.Position;
            if (!reader.TrySkip(tag, 1))
            {
                break;
            }

            if (key.IsOnWireAs(tag))
            {
                // A key that is zero may be left out as well; both are the same key.
                var value = entry[start..reader.Position];
                found = value.ContainsAnyExcept((byte)0) ? Convert.ToHexString(value) : "";
            }
        }

        return found;
    }

    private readonly record struct Occurrence(FieldPlan Field, int Start, int Value, int End);
}
