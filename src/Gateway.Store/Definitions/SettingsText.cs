using System.Text.Json;

namespace Gateway.Store.Definitions;

/// <summary>Settings as they are stored: one JSON object.</summary>
internal static class SettingsText
{
    /// <summary>Refuses what is not one JSON object.</summary>
    public static void Check(string settings)
    {
        try
        {
            using var json = JsonDocument.Parse(settings);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return;
            }
        }
        catch (JsonException)
        {
            // Said below, without quoting it.
        }

        throw new ArgumentException("Settings are one JSON object.", nameof(settings));
    }

    /// <summary>The names of the settings that differ, as <c>Limits:RequestsPerSecond</c>; a list is one setting.</summary>
    public static IReadOnlyList<string> Changed(string before, string after)
    {
        using var old = JsonDocument.Parse(before);
        using var now = JsonDocument.Parse(after);
        var names = new List<string>();
        Compare(old.RootElement, now.RootElement, "", names);
        return names;
    }

    private static void Compare(JsonElement old, JsonElement now, string prefix, List<string> names)
    {
        foreach (var member in now.EnumerateObject())
        {
            var name = prefix + member.Name;
            if (!old.TryGetProperty(member.Name, out var was))
            {
                names.Add(name);
            }
            else if (was.ValueKind == JsonValueKind.Object && member.Value.ValueKind == JsonValueKind.Object)
            {
                Compare(was, member.Value, name + ":", names);
            }
            else if (!JsonElement.DeepEquals(was, member.Value))
            {
                names.Add(name);
            }
        }

        var gone = old.EnumerateObject().Where(member => !now.TryGetProperty(member.Name, out _));
        names.AddRange(gone.Select(member => prefix + member.Name));
    }
}
