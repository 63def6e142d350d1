using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Api.Configuration;

/// <summary>How the text of a setting is read, by the setting's type.</summary>
internal sealed partial class SettingForm
{
    /// <summary>The form of a time in UTC.</summary>
    public const string UtcTime = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    // The longest that the platform's timers take, and two of them in a row.
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(24);

    private static readonly Dictionary<Type, SettingForm> Forms = new()
    {
        [typeof(string)] = new("a text", text => text),
        [typeof(bool)] = new("true or false", text => bool.TryParse(text, out var value) ? value : null),
        [typeof(int)] = new(
            $"a whole number up to {int.MaxValue}", text => int.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null),
        [typeof(long)] = new(
            "a whole number of less than 64 bits",
            text => long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null),
        [typeof(TimeSpan)] = new("a time with a unit (ms, s, m, h, d), as in 30s, or as 00:00:30, up to 24 days", text => Time(text)),
        [typeof(DateTimeOffset)] = new(
            "a time in UTC, as in 2030-01-31T00:00:00Z",
            text => DateTimeOffset.TryParseExact(
                text, UtcTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value)
                ? value
                : null),
        [typeof(Uri)] = new(
            "an address, as in http://host:port",
            text => text.Length > 0 && Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var value) ? value : null),
    };

    private SettingForm(string name, Func<string, object?> read)
    {
        Name = name;
        Read = read;
    }

    /// <summary>What a setting of this form is, for a fault.</summary>
    public string Name { get; }

    /// <summary>Reads a text; null when it has another form.</summary>
    public Func<string, object?> Read { get; }

    /// <summary>The form of a type; null for a type that is more than a text.</summary>
    public static SettingForm? Of(Type type) => Forms.GetValueOrDefault(type);

    // A bare number would be days to the framework, and seconds to whoever wrote it; "00:30" half an hour to one and half a minute to the
    // other.
    private static TimeSpan? Time(string text)
    {
        if (ClockTime().IsMatch(text))
        {
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var time) && time <= LongestTime ? time : null;
        }

        if (UnitTime().Match(text) is { Success: true } match
            && double.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var amount))
        {
            var ticks = amount * TicksOf(match.Groups[2].Value);
            return ticks <= LongestTime.Ticks ? TimeSpan.FromTicks((long)Math.Round(ticks)) : null;
        }

        return null;
    }

    private static long TicksOf(string unit) => unit switch
    {
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => TimeSpan.TicksPerDay,
    };

    [GeneratedRegex(@"^([0-9]+\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?\z")]
    private static partial Regex ClockTime();

    [GeneratedRegex(@"^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)\z")]
    private static partial Regex UnitTime();
}
