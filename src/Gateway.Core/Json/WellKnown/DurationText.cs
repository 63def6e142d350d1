using System.Buffers.Text;

namespace Gateway.Core.Json.WellKnown;

/// <summary>
/// <c>google.protobuf.Duration</c> as JSON text: <c>[ "-" ] 1*DIGIT [ "." 1*9DIGIT ] "s"</c>, up to 315,576,000,000 seconds (10,000 years)
/// either way. Written with 0, 3, 6 or 9 fraction digits.
/// </summary>
internal static class DurationText
{
    /// <summary>The longest text written: <c>"-315576000000.000000001s"</c> and its quotes, with room to spare.</summary>
    public const int MaxLength = 32;

    private const long MaxSeconds = 315_576_000_000;

    public static bool TryRead(ReadOnlySpan<byte> text, out long seconds, out int nanos)
    {
        (seconds, nanos) = (0, 0);
        var negative = text.StartsWith("-"u8);
        var rest = negative ? text[1..] : text;
        if (rest.Length == 0 || rest[0] is < (byte)'0' or > (byte)'9' || !Utf8Parser.TryParse(rest, out seconds, out var digits))
        {
            return false;
        }

        rest = rest[digits..];
        if (!FractionText.TryRead(ref rest, out nanos) || !rest.SequenceEqual("s"u8))
        {
            return false;
        }

        (seconds, nanos) = negative ? (-seconds, -nanos) : (seconds, nanos);
        return seconds is >= -MaxSeconds and <= MaxSeconds;
    }

    /// <summary>Writes the text in quotes; 0 when the duration is out of range or its parts differ in sign.</summary>
    public static int Write(long seconds, int nanos, Span<byte> target)
    {
        if (seconds is < -MaxSeconds or > MaxSeconds || nanos is < -FractionText.MaxNanos or > FractionText.MaxNanos
            || (seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0))
        {
            return 0;
        }

        var length = 0;
        target[length++] = (byte)'"';
        if (seconds < 0 || nanos < 0)
        {
            target[length++] = (byte)'-';
        }

        Utf8Formatter.TryFormat(Math.Abs(seconds), target[length..], out var digits);
        length += digits;
        length += FractionText.Write(Math.Abs(nanos), target[length..]);
        target[length++] = (byte)'s';
        target[length++] = (byte)'"';
        return length;
    }
}
