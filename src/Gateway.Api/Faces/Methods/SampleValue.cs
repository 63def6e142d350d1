using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Methods;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Api.Faces.Methods;

/// <summary>A value of an argument's type, to begin with.</summary>
internal static class SampleValue
{
    // One white pixel.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==";

    /// <summary>The value.</summary>
    public static JsonNode Of(MethodField field) => field.Choices is [var first, ..] ? JsonSerializer.SerializeToNode(first)! : OfType(field);

    private static JsonNode OfType(MethodField field) => field.Type switch
    {
        DataType.Str or DataType.Text => "Hello",
        DataType.Bytes => "SGVsbG8=",
        DataType.Int => (long)InRange(field, 1),
        DataType.Float => InRange(field, 0.5f),
        DataType.Bool => true,
        DataType.Ndarray => new JsonArray(1, 2, 3),
        DataType.JsonData => new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hello" }),
        DataType.Image => Png,
        DataType.Audio => "https://samples.clarifai.com/GoodMorning.wav",
        DataType.Video => "https://samples.clarifai.com/beer.mp4",
        DataType.Concept => new JsonObject { ["id"] = "cat", ["value"] = 1 },
        DataType.List => new JsonArray([.. field.Items.Take(1).Select(Of)]),
        DataType.Tuple => new JsonArray([.. field.Items.Select(Of)]),
        DataType.NamedFields => new JsonObject(field.Items.Select(item => KeyValuePair.Create(item.Name, (JsonNode?)Of(item)))),
        _ => new JsonObject(),
    };

    private static float InRange(MethodField field, float value) => Math.Max(field.Minimum ?? value, Math.Min(field.Maximum ?? value, value));
}
