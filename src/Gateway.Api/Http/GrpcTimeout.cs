using System.Globalization;

namespace Gateway.Api.Http;

/// <summary>
/// <c>grpc-timeout</c> as clients of the REST face send it (PROTOCOL-HTTP2.md, "Timeout"):
/// <code>
/// Timeout → TimeoutValue TimeoutUnit
/// TimeoutValue → positive integer of at most 8 digits
/// TimeoutUnit → H / M / S / m (milliseconds) / u (microseconds) / n (nanoseconds)
/// </code>
/// </summary>
internal static class GrpcTimeout
{
    /// <summary>What it looks like, for errors.</summary>
    public const string Form = "up to 8 digits and a unit (H, M, S, m, u or n), such as 500m";

    private const int MaxDigits = 8;
    private const int NanosecondsPerTick = 100;

    /// <summary>Reads a timeout; false when the text is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1)
        {
            return false;
        }

        if (!long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        if (text[^1] == 'n')
        {
            timeout = new TimeSpan(DivideUp(value, NanosecondsPerTick));
            return true;
        }

        var unit = TicksOf(text[^1]);
        if (unit == 0)
        {
            return false;
        }

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
}
