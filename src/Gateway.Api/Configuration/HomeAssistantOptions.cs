using Gateway.Core.Upstream;

namespace Gateway.Api.Configuration;

/// <summary>The Home Assistant whose cameras the gateway looks through. Without a <see cref="Url"/> there is none.</summary>
internal sealed class HomeAssistantOptions
{
    /// <summary>
    /// Where it is, as in <c>http://homeassistant.local:8123</c>; with a path where its API has one in front, as in
    /// <c>http://supervisor/core</c>. Nothing else is ever called. Empty: nowhere.
    /// </summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// A long-lived access token of one of its administrators: only they may fire events. White space around it, such as the line break at
    /// the end of a file, is not part of it. Never shown, never logged.
    /// </summary>
    public string Token
    {
        get;
        set => field = value?.Trim() ?? "";
    } = "";

    /// <summary>
    /// The name of the tenant whose requests may use it, and whose token scans run on. Null: the tenant that needs no key. Where no tenant
    /// is configured, <c>pass-through</c> lets everyone look through the cameras who can reach the gateway.
    /// </summary>
    public string? Tenant { get; set; }

    /// <summary>How long it may take to give a snapshot, and to take an event.</summary>
    [Positive]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest snapshot, in bytes. The default is what the public API takes of an image.</summary>
    [Positive]
    public long MaxSnapshotBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>The longest pause of a scan that fails again and again, unless its interval is longer.</summary>
    [Positive]
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What is looked at on a schedule, by names of the administrator's choice.</summary>
    public Dictionary<string, ScanOptions> Scans { get; set; } = new(StringComparer.Ordinal);
}
