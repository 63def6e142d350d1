namespace Gateway.Core.Json.WellKnown;

/// <summary>The fraction of a second in timestamps and durations: read with 1 to 9 digits, written with 0, 3, 6 or 9.</summary>
internal static class FractionText
{
    public const int MaxNanos = 999_999_999;

    private const int Digits = 9;

    /// <summary>Takes <c>.digits</c> off the front of the text; without a point there is no fraction.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> text, out int nanos)
    {
        nanos = 0;
        if (text.Length == 0 || text[0] != '.')
        {
            return true;
        }

        text = text[1..];
        var count = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        count = count < 0 ? text.Length : count;
        if (count is 0 or > Digits)
        {
            return false;
        }

        for (var i = 0; i < Digits; i++)
        {
            nanos = nanos * 10 + (i < count ? text[i] - '0' : 0);
        }

        text = text[count..];
        return true;
    }

    /// <summary>Writes the point and the digits, nothing for no fraction.</summary>
    public static int Write(int nanos, Span<byte> target)
    {
        if (nanos == 0)
        {
            return 0;
        }

        var digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : Digits;
        target[0] = (byte)'.';
        for (var i = Digits; i > 0; i--, nanos /= 10)
        {
            if (i <= digits)
            {
                target[i] = (byte)('0' + nanos % 10);
            }
        }

        return digits + 1;
    }
}
