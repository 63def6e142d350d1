using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Core.Json;

/// <summary>Whole numbers in JSON that has been parsed.</summary>
public static class JsonInteger
{
    /// <summary>
    /// Reads one, however it is spelled: <c>4.0</c> and <c>4e1</c> are whole, <c>4.5</c> is not (JSON Schema, "integer").
    /// </summary>
    /// <param name="json">Anything.</param>
    /// <param name="value">The number, when there is one.</param>
    /// <returns>False when it is no number, not whole, or beyond 64 bits.</returns>
    public static bool TryRead(JsonElement json, out long value)
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number
            && NumberText.ReadSigned(JsonMarshal.GetRawUtf8Value(json), long.MinValue, long.MaxValue, out value) is null;
    }
}
