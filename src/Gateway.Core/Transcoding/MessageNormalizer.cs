using System.Buffers;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Puts one message's fields in order, as protobuf says a reader has to understand them: the last value of a singular field, the last
/// member of a oneof and the last entry of a map key count; parts of a singular message are one message; lists keep their order. What the
/// messages inside contain stays as it is; unknown fields are dropped.
/// </summary>
internal sealed class MessageNormalizer
{
    private readonly List<Occurrence> _occurrences = [];
    private readonly Dictionary<int, Occurrence> _oneofs = [];
    private readonly HashSet<int> _replaced = [];
    private readonly MapKeys _keys = new();

    /// <summary>Normalizes a message that <see cref="MessageScan"/> found disordered.</summary>
    /// <param name="plan">The message's plan.</param>
    /// <param name="message">Its bytes.</param>
    /// <param name="target">At least as many bytes as the message has.</param>
    /// <returns>The bytes written, never more than the message has.</returns>
    public int Normalize(MessagePlan plan, ReadOnlyMemory<byte> message, Span<byte> target)
    {
        Collect(plan, message.Span);
        var written = 0;
        for (var start = 0; start < _occurrences.Count;)
        {
            var end = start + 1;
            while (end < _occurrences.Count && _occurrences[end].Field == _occurrences[start].Field)
            {
                end++;
            }

            written += WriteField(start, end, message, target[written..]);
            start = end;
        }

        return written;
    }

    private void Collect(MessagePlan plan, ReadOnlySpan<byte> message)
    {
        _occurrences.Clear();
        _oneofs.Clear();
        var reader = new WireReader(message);
        while (!reader.IsAtEnd)
        {
            var start = reader.Position;
            reader.TryReadTag(out var tag);
            var lengthStart = reader.Position;
            var contentLength = 0;
            if ((WireType)(tag & 7) == WireType.LengthDelimited && reader.TryReadLengthDelimited(out var content))
            {
                contentLength = content.Length;
            }
            else
            {
                reader.TrySkip(tag);
            }

            if (plan.FieldByTag(tag) is { } field)
            {
                var occurrence = new Occurrence(field, start, lengthStart, reader.Position - contentLength, reader.Position);
                _occurrences.Add(occurrence);
                TakeOneof(occurrence);
            }
        }

        _occurrences.RemoveAll(
            o => o.Field.Oneof >= 0 && (_oneofs[o.Field.Oneof] is var last) && (last.Field != o.Field || last.Start > o.Start));
        _occurrences.Sort(
            (left, right) =>
                left.Field != right.Field ? left.Field.Number.CompareTo(right.Field.Number) : left.Start.CompareTo(right.Start));
    }

    /// <summary>Remembers of each oneof the member that is set, and since when: setting another one clears it.</summary>
    private void TakeOneof(in Occurrence occurrence)
    {
        var oneof = occurrence.Field.Oneof;
        if (oneof >= 0 && (!_oneofs.TryGetValue(oneof, out var current) || current.Field != occurrence.Field))
        {
            _oneofs[oneof] = occurrence;
        }
    }

    private int WriteField(int start, int end, ReadOnlyMemory<byte> message, Span<byte> target)
    {
        var field = _occurrences[start].Field;
        if (field.Cardinality == FieldCardinality.Map)
        {
            return WriteMap(start, end, message, target);
        }

        if (!field.IsRepeated && field.WireType == WireType.LengthDelimited && field.Message is not null && end - start > 1)
        {
            return WriteMerged(start, end, message.Span, target);
        }

        var written = 0;
        for (var i = field.IsRepeated ? start : end - 1; i < end; i++)
        {
            written += Copy(message.Span[_occurrences[i].Start.._occurrences[i].End], target[written..]);
        }

        return written;
    }

    /// <summary>Protobuf merges messages by concatenation.</summary>
    private int WriteMerged(int start, int end, ReadOnlySpan<byte> message, Span<byte> target)
    {
        var length = 0;
        for (var i = start; i < end; i++)
        {
            length += _occurrences[i].End - _occurrences[i].Content;
        }

        var written = Copy(message[_occurrences[start].Start.._occurrences[start].LengthStart], target);
        written += Varint.Write(target[written..], (uint)length);
        for (var i = start; i < end; i++)
        {
            written += Copy(message[_occurrences[i].Content.._occurrences[i].End], target[written..]);
        }

        return written;
    }

    private int WriteMap(int start, int end, ReadOnlyMemory<byte> message, Span<byte> target)
    {
        var map = _occurrences[start].Field;
        _keys.Clear();
        _replaced.Clear();
        for (var i = start; i < end; i++)
        {
            _keys.Add(map.Key!, message.Span, _occurrences[i].Content, _occurrences[i].End, i);
        }

        _keys.FindReplaced(message, _replaced);
        var written = 0;
        for (var i = start; i < end; i++)
        {
            if (_replaced.Contains(i))
            {
                continue;
            }

            written += Copy(message.Span[_occurrences[i].Start.._occurrences[i].LengthStart], target[written..]);
            written += WriteEntry(map.Message!, message[_occurrences[i].Content.._occurrences[i].End], target[written..]);
        }

        return written;
    }

    /// <summary>An entry is a message of its own, with a key and a value that follow the same rules.</summary>
    private static int WriteEntry(MessagePlan plan, ReadOnlyMemory<byte> entry, Span<byte> target)
    {
        var ordered = ArrayPool<byte>.Shared.Rent(entry.Length);
        var length = new MessageNormalizer().Normalize(plan, entry, ordered);
        var written = Varint.Write(target, (uint)length);
        written += Copy(ordered.AsSpan(0, length), target[written..]);
        ArrayPool<byte>.Shared.Return(ordered);
        return written;
    }

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        bytes.CopyTo(target);
        return bytes.Length;
    }

    /// <summary>
    /// One appearance of a field: <c>Start</c> tag <c>LengthStart</c> length, if it has one, <c>Content</c> bytes <c>End</c>.
    /// </summary>
    private readonly record struct Occurrence(FieldPlan Field, int Start, int LengthStart, int Content, int End);
}
