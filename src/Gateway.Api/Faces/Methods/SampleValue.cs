using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.Methods;

/// <summary>A value of an argument's type, to begin with.</summary>
internal static class SampleValue
{
    /// <summary>The value.</summary>
    public static JsonNode Of(MethodField field) =>
        field.Choices is [var first, ..] ? JsonSerializer.SerializeToNode(first)! : OfType(field);

    private static JsonNode OfType(MethodField field) => field.Row.Form switch
    {
        DataForm.Whole => (long)InRange(field, 1),
        DataForm.Number => InRange(field, 0.5f),
        DataForm.List => new JsonArray([.. field.Items.Take(1).Select(Of)]),
        DataForm.Tuple => new JsonArray([.. field.Items.Select(Of)]),
        DataForm.Named => new JsonObject(field.Items.Select(item => KeyValuePair.Create(item.Name, (JsonNode?)Of(item)))),
        _ => JsonNode.Parse(field.Row.Sample)!,
    };

    private static float InRange(MethodField field, float value) =>
        Math.Max(field.Minimum ?? value, Math.Min(field.Maximum ?? value, value));
}
