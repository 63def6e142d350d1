using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Embeddings of one text or a list of texts, as numbers or as base64 of little-endian floats.</summary>
internal sealed class SandboxEmbeddings() : SandboxOperation("/embeddings")
{
    private const int MaxTexts = 2048;

    public override JsonObject Answer(JsonObject request)
    {
        if (TextsOf(request["input"]) is not { } texts)
        {
            return OpenAiError.Of(
                new RequestError("input", $"a text, or a list of 1 to {MaxTexts} texts, was expected, none of them empty"));
        }

        if (DimensionsOf(request["dimensions"]) is not { } dimensions)
        {
            return OpenAiError.Of(new RequestError("dimensions", $"a number from 1 to {TextEmbedding.MaxDimensions} was expected"));
        }

        var format = request["encoding_format"] is { } encoding ? encoding.Text() : "float";
        if (format is not ("float" or "base64"))
        {
            return OpenAiError.Of(new RequestError("encoding_format", "float or base64 was expected"));
        }

        var base64 = format == "base64";
        var embeddings = texts.Select((text, index) => (JsonNode)Item(index, TextEmbedding.Embed(text, dimensions), base64));
        var tokens = texts.Sum(Tokenizer.Count);
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. embeddings]),
            ["model"] = request["model"]?.DeepClone(),
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        };
    }

    private static List<string>? TextsOf(JsonNode? input) => input switch
    {
        JsonArray { Count: > 0 and <= MaxTexts } list when list.All(IsText) => [.. list.Select(item => item!.GetValue<string>())],
        not null when IsText(input) => [input.GetValue<string>()],
        _ => null,
    };

    private static bool IsText(JsonNode? node) => node.Text() is { Length: > 0 };

    private static int? DimensionsOf(JsonNode? node)
    {
        if (node is null)
        {
            return TextEmbedding.DefaultDimensions;
        }

        return RequestInteger.Read(node) is { } number and >= 1 and <= TextEmbedding.MaxDimensions ? (int)number : null;
    }

    private static JsonObject Item(int index, float[] vector, bool base64) => new()
    {
        ["object"] = "embedding",
        ["index"] = index,
        ["embedding"] = base64
            ? JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan())))
            : new JsonArray([.. vector.Select(value => (JsonNode)JsonValue.Create(value))]),
    };
}
