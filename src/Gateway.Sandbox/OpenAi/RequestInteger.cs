using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Json;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Whole numbers of a request.</summary>
internal static class RequestInteger
{
    /// <summary>Reads one, however it is spelled; null when it is none.</summary>
    public static long? Read(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out JsonElement element) && JsonInteger.TryRead(element, out var number)
            ? number
            : null;
}
