using System.Text.Json.Nodes;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Members of a request, whatever the client put there.</summary>
internal static class RequestNode
{
    /// <summary>A member; null when the node is no object or has none of this name.</summary>
    public static JsonNode? Member(this JsonNode? node, string name) => (node as JsonObject)?[name];

    /// <summary>A text; null when it is none.</summary>
    public static string? Text(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A number; null when it is none.</summary>
    public static double? Number(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    /// <summary>Whether it is <c>true</c>.</summary>
    public static bool IsTrue(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && flag;

    /// <summary>Whether it is <c>false</c>.</summary>
    public static bool IsFalse(this JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && !flag;
}
