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
        ReadOnlySpan<byte> bytes = message.Span;
        var reader = new WireReader(bytes);
        var order = MessageOrder.Straight;
        int lowest = 0;
        ulong oneofs = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out uint tag))
            {
                return MessageOrder.Malformed;
            }

            FieldPlan? field = plan.FieldByTag(tag);
            if (field?.Cardinality == FieldCardinality.Map)
            {
                // A map is scanned from its first entry to its last, and must not come back.
                order = Worse(order, field.Number < lowest ? MessageOrder.Disordered : MessageOrder.Straight);
                order = Worse(order, ScanMap(field, message, tag, ref reader));
                lowest = field.Number + 1;
            }
            else if (!reader.TrySkip(tag))
            {
                return MessageOrder.Malformed;
            }
            else if (field is not null)
            {
                ulong oneof = field.Oneof < 0 ? 0 : 1UL << field.Oneof;
                bool inOrder = field.Number >= lowest && (oneofs & oneof) == 0;
                order = Worse(order, inOrder ? MessageOrder.Straight : MessageOrder.Disordered);
                oneofs |= oneof;
                lowest = field.IsRepeated ? field.Number : field.Number + 1;
            }

            if (order == MessageOrder.Malformed)
            {
                return order;
            }
        }

        return order;
    }

    private MessageOrder ScanMap(FieldPlan map, ReadOnlyMemory<byte> message, uint tag, ref WireReader reader)
    {
        var order = MessageOrder.Straight;
        _keys.Clear();
        int position;
        uint next;
        do
        {
            if (!reader.TryReadLengthDelimited(out ReadOnlySpan<byte> entry))
            {
                return MessageOrder.Malformed;
            }

            int start = reader.Position - entry.Length;
            order = Worse(order, ScanEntry(map.Message!, entry));
            if (order == MessageOrder.Malformed)
            {
                return order;
            }

            _keys.Add(map.Key!, message.Span, start, reader.Position, 0);
            position = reader.Position;
        }
        while (!reader.IsAtEnd && reader.TryReadTag(out next) && next == tag);

        reader = new WireReader(message.Span, position);
        return _keys.HaveDuplicates(message) ? MessageOrder.Disordered : order;
    }

    /// <summary>An entry is straight with at most one key and one value, the key first.</summary>
    private static MessageOrder ScanEntry(MessagePlan plan, ReadOnlySpan<byte> entry)
    {
        var reader = new WireReader(entry);
        var order = MessageOrder.Straight;
        int last = 0;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out uint tag) || !reader.TrySkip(tag))
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
