using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>What one look over a message's fields, without their contents, found.</summary>
internal enum MessageOrder
{
    /// <summary>Fields ascend, lists are in one piece, everything else comes once: as nearly every writer writes.</summary>
    Straight,

    /// <summary>Legal protobuf that has to be put in order before it can be written as JSON in one pass.</summary>
    Disordered,

    /// <summary>Not protobuf.</summary>
    Malformed,
}

/// <summary>Looks over messages before they are walked.</summary>
internal sealed class MessageScan
{
    private readonly MapKeys _keys = new();

    /// <summary>Scans the fields of one message and of its map entries.</summary>
    public MessageOrder Scan(MessagePlan plan, ReadOnlyMemory<byte> message)
    {
        var reader = new WireReader(message.Span);
        var order = MessageOrder.Straight;
        var lowest = 0;
        ulong oneofs = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag))
            {
                return MessageOrder.Malformed;
            }

            var field = plan.FieldByTag(tag);
            if (field is { Cardinality: FieldCardinality.Map })
            {
                // A map is scanned from its first entry to its last, and must not come back.
                order = Worse(order, ScanMap(field, message, tag, reader.Position, out var end));
                if (order == MessageOrder.Malformed)
                {
                    return order;
                }

                reader = new WireReader(message.Span, end);
            }
            else if (!reader.TrySkip(tag))
            {
                return MessageOrder.Malformed;
            }

            if (field is not null)
            {
                if (field.Number < lowest || (oneofs & field.OneofMask) != 0)
                {
                    order = MessageOrder.Disordered;
                }

                oneofs |= field.OneofMask;
                lowest = field.NextNumber;
            }
        }

        return order;
    }

    /// <summary>Scans the entries of a map that follow one another, from behind the first one's tag to <paramref name="end"/>.</summary>
    private MessageOrder ScanMap(FieldPlan map, ReadOnlyMemory<byte> message, uint tag, int position, out int end)
    {
        var reader = new WireReader(message.Span, position);
        var order = MessageOrder.Straight;
        _keys.Clear();
        do
        {
            end = reader.Position;
            if (!reader.TryReadLengthDelimited(out var entry))
            {
                return MessageOrder.Malformed;
            }

            end = reader.Position;
            order = Worse(order, ScanEntry(map.Message!, entry));
            if (order == MessageOrder.Malformed)
            {
                return order;
            }

            _keys.Add(map.Key!, message.Span, end - entry.Length, end, 0);
        }
        while (!reader.IsAtEnd && reader.TryReadTag(out var next) && next == tag);

        return _keys.HaveDuplicates(message) ? MessageOrder.Disordered : order;
    }

    /// <summary>An entry is straight with at most one key and one value, the key first.</summary>
    private static MessageOrder ScanEntry(MessagePlan plan, ReadOnlySpan<byte> entry)
    {
        var reader = new WireReader(entry);
        var order = MessageOrder.Straight;
        var last = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag) || !reader.TrySkip(tag))
            {
                return MessageOrder.Malformed;
            }

            if (plan.FieldByTag(tag) is { } field)
            {
                order = field.Number > last ? order : MessageOrder.Disordered;
                last = field.Number;
            }
        }

        return order;
    }

    private static MessageOrder Worse(MessageOrder left, MessageOrder right) => left > right ? left : right;
}
