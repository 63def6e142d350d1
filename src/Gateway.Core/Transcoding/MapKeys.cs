using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// The keys of one map's entries on the wire, to find those that come more than once: JSON has a key once, and the last entry counts.
/// Sorting finds them without a hash that an adversary could flood.
/// </summary>
internal sealed class MapKeys
{
    /// <summary>Up to this many keys are compared each with each, as nearly all maps are small.</summary>
    private const int FewKeys = 8;

    private readonly List<Key> _keys = [];

    public void Clear() => _keys.Clear();

    /// <summary>Adds the key of an entry; one without has its type's zero.</summary>
    /// <param name="plan">The key's plan.</param>
    /// <param name="message">The message that holds the entry.</param>
    /// <param name="start">Where the entry's bytes start in it.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="ordinal">What the caller knows the entry by, ascending.</param>
    public void Add(FieldPlan plan, ReadOnlySpan<byte> message, int start, int end, int ordinal)
    {
        var reader = new WireReader(message[..end], start);
        var key = new Key(0, start, 0, ordinal);
        while (!reader.IsAtEnd && reader.TryReadTag(out var tag))
        {
            if (tag != plan.Tag.Value)
            {
                reader.TrySkip(tag);
            }
            else if (plan.WireType == WireType.LengthDelimited)
            {
                reader.TryReadLengthDelimited(out var text);
                key = new Key(0, reader.Position - text.Length, text.Length, ordinal);
            }
            else
            {
                reader.TryReadBits(plan.WireType, out var bits);
                key = new Key(Canonical(plan.Kind, bits), start, 0, ordinal);
            }
        }

        _keys.Add(key);
    }

    /// <summary>Whether a key comes more than once.</summary>
    public bool HaveDuplicates(ReadOnlyMemory<byte> message)
    {
        if (_keys.Count > FewKeys)
        {
            Sort(message);
            return AnyAdjacentEqual(message.Span);
        }

        var bytes = message.Span;
        for (var i = 1; i < _keys.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Compare(_keys[i], _keys[j], bytes) == 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Adds the ordinals of the entries that a later one replaces.</summary>
    public void FindReplaced(ReadOnlyMemory<byte> message, HashSet<int> replaced)
    {
        Sort(message);
        for (var i = 1; i < _keys.Count; i++)
        {
            if (Compare(_keys[i - 1], _keys[i], message.Span) == 0)
            {
                replaced.Add(_keys[i - 1].Ordinal);
            }
        }
    }

    private static ulong Canonical(FieldKind kind, ulong bits) => kind switch
    {
        FieldKind.Bool => bits == 0 ? 0UL : 1UL,
        FieldKind.Int32 or FieldKind.UInt32 or FieldKind.SInt32 => (uint)bits,
        _ => bits,
    };

    private static int Compare(in Key left, in Key right, ReadOnlySpan<byte> message)
    {
        var byBits = left.Bits.CompareTo(right.Bits);
        return byBits != 0 ? byBits
            : message.Slice(left.At, left.Length).SequenceCompareTo(message.Slice(right.At, right.Length));
    }

    private bool AnyAdjacentEqual(ReadOnlySpan<byte> message)
    {
        for (var i = 1; i < _keys.Count; i++)
        {
            if (Compare(_keys[i - 1], _keys[i], message) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Sort(ReadOnlyMemory<byte> message) => _keys.Sort((left, right) =>
    {
        var byKey = Compare(left, right, message.Span);
        return byKey != 0 ? byKey : left.Ordinal.CompareTo(right.Ordinal);
    });

    /// <summary>A number's bits, or where a string is; the other is zero.</summary>
    private readonly record struct Key(ulong Bits, int At, int Length, int Ordinal);
}
