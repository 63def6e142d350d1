using System.Text.Json.Nodes;

namespace Gateway.Api.Commands;

/// <summary>Settings as rows of a table.</summary>
internal static class SettingRows
{
    /// <summary>A row for each setting: its name, as <c>--set</c> takes it, and its value.</summary>
    /// <param name="settings">A JSON object.</param>
    public static IEnumerable<string[]> Of(string settings) => Of(JsonNode.Parse(settings)!.AsObject(), "");

    /// <summary>The same on one line.</summary>
    public static string LineOf(string settings) => string.Join(' ', Of(settings).Select(row => $"{row[0]}={row[1]}"));

    private static IEnumerable<string[]> Of(JsonObject settings, string path) =>
        settings.SelectMany(setting => setting.Value is JsonObject section ? Of(section, $"{path}{setting.Key}:")
            : [[path + setting.Key, TextOf(setting.Value)]]);

    private static string TextOf(JsonNode? value) => value switch
    {
        JsonArray { Count: 0 } => "[]",
        JsonArray list => string.Join(',', list.Select(entry => entry?.ToString())),
        _ => value?.ToString() ?? "",
    };
}
