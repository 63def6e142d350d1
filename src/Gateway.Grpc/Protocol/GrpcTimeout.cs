using System.Globalization;

namespace Gateway.Grpc.Protocol;

/// <summary>
/// <c>grpc-timeout</c> (PROTOCOL-HTTP2.md, "Timeout"):
/// <code>
/// Timeout → TimeoutValue TimeoutUnit
/// TimeoutValue → positive integer of at most 8 digits
/// TimeoutUnit → H / M / S / m (milliseconds) / u (microseconds) / n (nanoseconds)
/// </code>
/// </summary>
public static class GrpcTimeout
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;
    private const int NanosecondsPerTick = 100;

    /// <summary>Writes a positive timeout in the finest unit that holds it, rounded up: the server must not give up first.</summary>
    public static string Format(TimeSpan timeout)
    {
        long ticks = Math.Max(timeout.Ticks, 1);
        if (ticks <= MaxValue / NanosecondsPerTick) return Text(ticks * NanosecondsPerTick, 'n');
        foreach (char unit in "umSM")
        {
            long value = DivideUp(ticks, TicksOf(unit));
            if (value <= MaxValue) return Text(value, unit);
        }

        return Text(Math.Min(DivideUp(ticks, TimeSpan.TicksPerHour), MaxValue), 'H');
    }

    /// <summary>Reads a timeout; false when the text is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1) return false;
        if (!long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long value)) return false;
        if (text[^1] == 'n')
        {
            timeout = new TimeSpan(DivideUp(value, NanosecondsPerTick));
            return true;
        }

        long unit = TicksOf(text[^1]);
        if (unit == 0) return false;
        timeout = new TimeSpan(value * unit); // 8 digits of hours are 29,000 years, a third of what fits
        return true;
    }

    private static long TicksOf(char unit) => unit switch
    {
        'u' => TimeSpan.TicksPerMicrosecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'S' => TimeSpan.TicksPerSecond,
        'M' => TimeSpan.TicksPerMinute,
        'H' => TimeSpan.TicksPerHour,
        _ => 0,
    };

    // Not (a + b - 1) / b: that overflows near TimeSpan.MaxValue.
    private static long DivideUp(long dividend, long divisor) => (dividend / divisor) + (dividend % divisor == 0 ? 0 : 1);

    private static string Text(long value, char unit) => string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
}
