using System.Buffers.Text;
using System.Globalization;

namespace Gateway.Core.Json.WellKnown;

/// <summary>
/// <c>google.protobuf.Timestamp</c> as JSON text.
/// <code>
///   date "T" time ( "Z" / ( "+" / "-" ) hour ":" minute )        RFC 3339, section 5.6; upper case only
///   date = 4DIGIT "-" 2DIGIT "-" 2DIGIT      time = 2DIGIT ":" 2DIGIT ":" 2DIGIT [ "." 1*9DIGIT ]
/// </code>
/// From year 1 to 9999; no leap seconds. Written in UTC with 0, 3, 6 or 9 fraction digits.
/// </summary>
internal static class TimestampText
{
    /// <summary>The longest text written: <c>"9999-12-31T23:59:59.999999999Z"</c> and its quotes.</summary>
    public const int MaxLength = 32;

    private const int FixedLength = 19;
    private const long SecondsPerDay = 86_400;
    private const long MinSeconds = -62_135_596_800;
    private const long MaxSeconds = 253_402_300_799;

    /// <summary>Days from 0001-01-01 to 1970-01-01.</summary>
    private const int EpochDay = 719_162;

    public static bool TryRead(ReadOnlySpan<byte> text, out long seconds, out int nanos)
    {
        (seconds, nanos) = (0, 0);
        if (text.Length <= FixedLength
            || !TryReadDate(text[..10], out var day)
            || text[10] != 'T'
            || !TryReadTime(text[11..FixedLength], out var second))
        {
            return false;
        }

        var rest = text[FixedLength..];
        if (!FractionText.TryRead(ref rest, out nanos) || !TryReadOffset(rest, out var offset))
        {
            return false;
        }

        seconds = (day - EpochDay) * SecondsPerDay + second - offset;
        return seconds is >= MinSeconds and <= MaxSeconds;
    }

    /// <summary>Writes the text in quotes; 0 when the time is out of range.</summary>
    public static int Write(long seconds, int nanos, Span<byte> target)
    {
        if (seconds is < MinSeconds or > MaxSeconds || nanos is < 0 or > FractionText.MaxNanos)
        {
            return 0;
        }

        var time = DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond);
        target[0] = (byte)'"';
        time.TryFormat(target[1..], out var length, "s", CultureInfo.InvariantCulture);
        length++;
        length += FractionText.Write(nanos, target[length..]);
        target[length++] = (byte)'Z';
        target[length++] = (byte)'"';
        return length;
    }

    private static bool TryReadDate(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        if (!TryReadDigits(text[..4], out var year) || text[4] != '-' || !TryReadDigits(text[5..7], out var month) || text[7] != '-'
            || !TryReadDigits(text[8..], out var dayOfMonth))
        {
            return false;
        }

        if (year == 0 || month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateOnly(year, month, dayOfMonth).DayNumber;
        return true;
    }

    private static bool TryReadTime(ReadOnlySpan<byte> text, out int second)
    {
        second = 0;
        if (!TryReadDigits(text[..2], out var hour) || text[2] != ':' || !TryReadDigits(text[3..5], out var minute) || text[5] != ':'
            || !TryReadDigits(text[6..], out var secondOfMinute))
        {
            return false;
        }

        second = (hour * 60 + minute) * 60 + secondOfMinute;
        return hour < 24 && minute < 60 && secondOfMinute < 60;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.SequenceEqual("Z"u8))
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not (byte)'+' and not (byte)'-' || text[3] != ':'
            || !TryReadDigits(text[1..3], out var hours) || !TryReadDigits(text[4..], out var minutes))
        {
            return false;
        }

        seconds = (hours * 60 + minutes) * (text[0] == '-' ? -60 : 60);
        return hours < 24 && minutes < 60;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        return !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(text, out value, out _);
    }
}
