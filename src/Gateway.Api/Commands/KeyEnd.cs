using Gateway.Api.Configuration;

namespace Gateway.Api.Commands;

/// <summary>When a key ends: at a time, after a time, or never.</summary>
/// <param name="Time">At which; null for the others.</param>
/// <param name="FromNow">After which; null for the others.</param>
internal sealed record KeyEnd(DateTimeOffset? Time, TimeSpan? FromNow)
{
    private const string Never = "never";

    /// <summary>Reads it; null when the text is none.</summary>
    public static KeyEnd? Read(string text) =>
        text == Never ? new KeyEnd(null, null)
        : SettingForm.Of(typeof(DateTimeOffset))!.Read(text) is DateTimeOffset time ? new KeyEnd(time, null)
        : SettingForm.Of(typeof(TimeSpan))!.Read(text) is TimeSpan fromNow ? new KeyEnd(null, fromNow)
        : null;

    /// <summary>The time itself; null for never.</summary>
    public DateTimeOffset? At(TimeProvider clock) => FromNow is { } after ? clock.GetUtcNow() + after : Time;
}
