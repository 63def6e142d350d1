using System.Text.Json;

namespace Gateway.Api.Commands;

/// <summary>Looks into JSON that others wrote: what is not there, or of another kind, is none.</summary>
internal static class ApiJson
{
    /// <summary>A member of an object.</summary>
    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : null;

    /// <summary>The items of a member that is a list.</summary>
    public static JsonElement[] Items(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    /// <summary>A member that is a text.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
