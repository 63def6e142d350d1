using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Store.Audit;
using Gateway.Store.Definitions;
using Gateway.Store.Usage;

namespace Gateway.Api.Stored;

/// <summary>
/// What the store keeps as JSON, the same in the admin API and with <c>--json</c>. Nothing of it is secret, but for a key that was just
/// made.
/// </summary>
internal static class AdministrationJson
{
    /// <summary>A tenant.</summary>
    public static JsonObject Of(StoredTenant tenant) => new()
    {
        ["id"] = tenant.Id.ToString(),
        ["name"] = tenant.Name,
        ["version"] = tenant.Version,
        ["created"] = Text(tenant.Created),
        ["updated"] = Text(tenant.Updated),
        ["settings"] = JsonNode.Parse(tenant.Settings),
    };

    /// <summary>A key, of which the beginning is shown.</summary>
    public static JsonObject Of(StoredKey key) => new()
    {
        ["id"] = key.Id.ToString(),
        ["name"] = key.Name,
        ["version"] = key.Version,
        ["prefix"] = key.Prefix,
        ["fingerprint"] = key.Fingerprint,
        ["created"] = Text(key.Created),
        ["updated"] = Text(key.Updated),
        ["expires"] = Text(key.Expires),
        ["revoked"] = Text(key.Revoked),
        ["replacedBy"] = key.ReplacedBy?.ToString(),
        ["lastUsed"] = key.LastUsed is { } day ? UsageReport.DayText(day) : null,
        ["settings"] = JsonNode.Parse(key.Settings),
    };

    /// <summary>A key that was just made, with itself.</summary>
    public static JsonObject Of(IssuedKey issued)
    {
        var json = Of(issued.Key);
        json["key"] = issued.Secret.Reveal();
        return json;
    }

    /// <summary>What is known of a token.</summary>
    public static JsonObject Of(StoredPat pat) => new()
    {
        ["name"] = pat.Name,
        ["fingerprint"] = pat.Fingerprint,
        ["requestsPerSecond"] = pat.RequestsPerSecond,
        ["created"] = Text(pat.Created),
        ["updated"] = Text(pat.Updated),
    };

    /// <summary>A row of the audit log.</summary>
    public static JsonObject Of(AuditEntry entry) => new()
    {
        ["id"] = entry.Id,
        ["at"] = Text(entry.At),
        ["actor"] = entry.Actor,
        ["action"] = entry.Action,
        ["tenant"] = entry.TenantName,
        ["tenantId"] = entry.TenantId.ToString(),
        ["target"] = entry.Target,
        ["changed"] = new JsonArray(
            [.. entry.Changed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => (JsonNode)name)]),
    };

    /// <summary>What was used of something in a day.</summary>
    public static JsonObject Of(UsageRecord row)
    {
        var (texts, numbers) = UsageReport.ValuesOf(row);
        return new JsonObject(UsageReport.Columns.Zip(
            [.. texts.Select(text => (JsonNode)text), .. numbers.Select(number => (JsonNode)number)],
            (column, value) => KeyValuePair.Create(column, (JsonNode?)value)));
    }

    /// <summary>A time in UTC, as it is read.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(SettingForm.UtcTime, CultureInfo.InvariantCulture);

    /// <summary>A time in UTC, or none.</summary>
    public static string? Text(DateTimeOffset? time) => time is { } known ? Text(known) : null;
}
