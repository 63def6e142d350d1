namespace Gateway.Store;

/// <summary>
/// Time as the store has it: milliseconds since 1970, UTC, and days as yyyymmdd. Both sort as numbers in every database; SQLite compares a
/// <see cref="DateTimeOffset"/> as text.
/// </summary>
internal static class UnixTime
{
    public static long Now(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? At(long? milliseconds) => milliseconds is { } value ? At(value) : null;

    public static int Day(DateOnly day) => (day.Year * 10_000) + (day.Month * 100) + day.Day;

    public static DateOnly Day(int yyyymmdd) => new(yyyymmdd / 10_000, yyyymmdd / 100 % 100, yyyymmdd % 100);

    /// <summary>The month of a day, as yyyymm.</summary>
    public static int Month(DateOnly day) => (day.Year * 100) + day.Month;
}
