namespace Gateway.Core.Wire;

/// <summary>Finds single values in wire bytes without parsing the rest.</summary>
public static class WireLookup
{
    /// <summary>
    /// Finds the string, bytes or message field at a path of field numbers. As merging has it, the last occurrence counts,
    /// also across several occurrences of the messages on the way.
    /// </summary>
    /// <param name="message">The wire bytes of the message that the path starts in.</param>
    /// <param name="path">Field numbers from the outside in, at least one.</param>
    /// <param name="value">The value, a part of <paramref name="message"/>; left as it was when the field is absent.</param>
    /// <returns>False when the bytes are malformed.</returns>
    public static bool TryFindLast(ReadOnlySpan<byte> message, scoped ReadOnlySpan<int> path, ref ReadOnlySpan<byte> value)
    {
        var wanted = ((uint)path[0] << 3) | (uint)WireType.LengthDelimited;
        var reader = new WireReader(message);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out var tag))
            {
                return false;
            }

            if (tag != wanted)
            {
                if (!reader.TrySkip(tag))
                {
                    return false;
                }

                continue;
            }

            if (!reader.TryReadLengthDelimited(out var content))
            {
                return false;
            }

            if (path.Length == 1)
            {
                value = content;
            }
            else if (!TryFindLast(content, path[1..], ref value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Counts the occurrences of a string, bytes or message field of the message itself.</summary>
    /// <param name="message">The wire bytes; where they are malformed, the count ends.</param>
    /// <param name="number">The field's number.</param>
    public static int Count(ReadOnlySpan<byte> message, int number)
    {
        var wanted = ((uint)number << 3) | (uint)WireType.LengthDelimited;
        var reader = new WireReader(message);
        var count = 0;
        while (!reader.IsAtEnd && reader.TryReadTag(out var tag) && reader.TrySkip(tag))
        {
            count += tag == wanted ? 1 : 0;
        }

        return count;
    }
}
