namespace Gateway.Core.Json.WellKnown;

/// <summary>
/// <c>google.protobuf.FieldMask</c> as JSON text: its paths joined by commas, each in lowerCamelCase where the wire has snake_case. Only
/// paths that survive the way there and back are converted at all.
/// </summary>
internal static class FieldMaskText
{
    /// <summary>Turns one camelCase path into snake_case, which takes up to twice the bytes; -1 when it has an underscore.</summary>
    public static int ToSnakeCase(ReadOnlySpan<byte> path, Span<byte> target)
    {
        var length = 0;
        foreach (var next in path)
        {
            if (next == '_')
            {
                return -1;
            }

            if (next is >= (byte)'A' and <= (byte)'Z')
            {
                target[length++] = (byte)'_';
                target[length++] = (byte)(next | 0x20);
            }
            else
            {
                target[length++] = next;
            }
        }

        return length;
    }

    /// <summary>
    /// Turns one snake_case path into camelCase, which takes no more bytes; -1 when reading it back would give another path.
    /// </summary>
    public static int ToCamelCase(ReadOnlySpan<byte> path, Span<byte> target)
    {
        var length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            var next = path[i];
            if (next is (>= (byte)'A' and <= (byte)'Z') or (byte)',')
            {
                return -1;
            }

            if (next == '_')
            {
                i++;
                if (i == path.Length || path[i] is < (byte)'a' or > (byte)'z')
                {
                    return -1;
                }

                next = (byte)(path[i] & ~0x20);
            }

            target[length++] = next;
        }

        return length;
    }
}
