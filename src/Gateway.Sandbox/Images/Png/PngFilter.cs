namespace Gateway.Sandbox.Images.Png;

/// <summary>
/// Undoes the five filters of PNG rows (PNG specification, section 9.2). Bytes are predicted from a: left, b: above, c: above left.
/// </summary>
internal static class PngFilter
{
    /// <summary>Restores a row in place; false where the filter type is unknown.</summary>
    public static bool TryUndo(byte type, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        switch (type)
        {
            case 0: return true;
            case 1: UndoSub(row, distance); return true;
            case 2: UndoUp(row, above); return true;
            case 3: UndoAverage(row, above, distance); return true;
            case 4: UndoPaeth(row, above, distance); return true;
            default: return false;
        }
    }

    private static void UndoSub(Span<byte> row, int distance)
    {
        for (var i = distance; i < row.Length; i++)
        {
            row[i] += row[i - distance];
        }
    }

    private static void UndoUp(Span<byte> row, ReadOnlySpan<byte> above)
    {
        for (var i = 0; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    private static void UndoAverage(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < distance ? 0 : row[i - distance];
            row[i] += (byte)((left + above[i]) / 2);
        }
    }

    private static void UndoPaeth(Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < distance ? 0 : row[i - distance];
            var aboveLeft = i < distance ? 0 : above[i - distance];
            row[i] += (byte)Paeth(left, above[i], aboveLeft);
        }
    }

    private static int Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        var (pa, pb, pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        if (pa <= pb && pa <= pc)
        {
            return a;
        }

        return pb <= pc ? b : c;
    }
}
