using Google.Protobuf;

namespace Gateway.Core.Wire;

/// <summary>
/// The values of one string, bytes or message field of a message, one after the other: what is long is not parsed whole. An
/// <see cref="InvalidDataException"/> tells of malformed wire bytes.
/// </summary>
/// <param name="message">The wire bytes.</param>
/// <param name="number">The field's number.</param>
public ref struct WireFields(ReadOnlySpan<byte> message, int number)
{
    private readonly uint _wanted = ((uint)number << 3) | (uint)WireType.LengthDelimited;
    private WireReader _reader = new(message);
    private ReadOnlySpan<byte> _current;

    /// <summary>The value.</summary>
    public readonly ReadOnlySpan<byte> Current => _current;

    /// <summary>Itself, to be enumerated.</summary>
    public readonly WireFields GetEnumerator() => this;

    /// <summary>Finds the next value.</summary>
    public bool MoveNext()
    {
        while (!_reader.IsAtEnd)
        {
            if (!_reader.TryReadTag(out var tag) || (tag != _wanted && !_reader.TrySkip(tag)))
            {
                throw Malformed();
            }

            if (tag == _wanted)
            {
                return _reader.TryReadLengthDelimited(out _current) ? true : throw Malformed();
            }
        }

        return false;
    }

    /// <summary>
    /// The value of a message field that a message has once. Where it comes more often, the occurrences are one message, as protobuf has
    /// it.
    /// </summary>
    public static ReadOnlySpan<byte> Merge(ReadOnlySpan<byte> message, int number)
    {
        ReadOnlySpan<byte> merged = default;
        foreach (var value in new WireFields(message, number))
        {
            merged = merged.IsEmpty ? value : (byte[])[.. merged, .. value];
        }

        return merged;
    }

    /// <summary>Parses all of a message but one field.</summary>
    /// <exception cref="InvalidProtocolBufferException">The wire bytes are malformed.</exception>
    public static T ParseWithout<T>(ReadOnlySpan<byte> message, int number)
        where T : IMessage, new()
    {
        var rest = new T();
        var wanted = ((uint)number << 3) | (uint)WireType.LengthDelimited;
        var reader = new WireReader(message);
        var (begin, end) = (0, 0);
        while (reader.TryReadTag(out var tag) && reader.TrySkip(tag))
        {
            if (tag == wanted)
            {
                if (begin < end)
                {
                    rest.MergeFrom(message[begin..end]);
                }

                begin = reader.Position;
            }

            end = reader.Position;
        }

        rest.MergeFrom(message[begin..]); // the parser's own word on what cannot be read
        return rest;
    }

    private static InvalidDataException Malformed() => new("A message is malformed.");
}
