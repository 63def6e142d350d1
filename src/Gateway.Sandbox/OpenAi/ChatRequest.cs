using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>What the model can honour of a chat completion request.</summary>
/// <param name="Model">The model name as the caller gave it; answers repeat it.</param>
/// <param name="Prompt">The text of the last message.</param>
/// <param name="PromptTokens">The tokens of all messages.</param>
/// <param name="Settings">Length, temperature and seed.</param>
/// <param name="IncludeUsage">Whether a stream ends with a chunk that tells the usage.</param>
/// <param name="FunctionCall">The call of a tool that the answer is; null for text.</param>
internal sealed record ChatRequest(
    string Model, string Prompt, int PromptTokens, GenerationSettings Settings, bool IncludeUsage, FunctionCall? FunctionCall)
{
    public static bool TryParse(JsonObject json, [NotNullWhen(true)] out ChatRequest? request, [NotNullWhen(false)] out string? error)
    {
        request = null;
        error = Refuse(json);
        if (error is not null)
        {
            return false;
        }

        if (!TryReadTexts(json["messages"], out var texts, out error))
        {
            return false;
        }

        if (!TryReadSettings(json, out var settings, out error))
        {
            return false;
        }

        var includeUsage = json["stream_options"] is JsonObject options && ReadBool(options["include_usage"]);
        request = new ChatRequest(
            ReadString(json["model"]) ?? "",
            texts[^1],
            texts.Sum(Tokenizer.Count),
            settings,
            includeUsage,
            FunctionCall.For(json, texts[^1]));
        return true;
    }

    // What would change the answer in a way this model cannot give is refused, not passed over.
    private static string? Refuse(JsonObject json)
    {
        if (json["n"] is { } n && RequestInteger.Read(n) != 1)
        {
            return "n: only 1 is supported";
        }

        if (json["response_format"] is JsonObject format && ReadString(format["type"]) != "text")
        {
            return "response_format: only text is supported";
        }

        return null;
    }

    private static bool TryReadTexts(JsonNode? messages, out List<string> texts, [NotNullWhen(false)] out string? error)
    {
        texts = [];
        error = null;
        if (messages is not JsonArray { Count: > 0 } list)
        {
            error = "messages: a list with at least one message was expected";
            return false;
        }

        for (var index = 0; index < list.Count && error is null; index++)
        {
            if (TextOf((list[index] as JsonObject)?["content"]) is { } text)
            {
                texts.Add(text);
            }
            else
            {
                error = $"messages[{index}].content: text was expected";
            }
        }

        return error is null;
    }

    // Text, or a list of parts of which all are text; a message of tool calls has null content.
    private static string? TextOf(JsonNode? content) => content switch
    {
        null => "",
        JsonArray parts when parts.All(part => PartOf(part) is not null) => string.Join('\n', parts.Select(PartOf)),
        _ => ReadString(content),
    };

    private static string? PartOf(JsonNode? part) => part is JsonObject ? ReadString(part["text"]) ?? ReadString(part["refusal"]) : null;

    private static bool TryReadSettings(JsonObject json, out GenerationSettings settings, [NotNullWhen(false)] out string? error)
    {
        var fallback = GenerationSettings.Default;
        var maxTokens = RequestInteger.Read(json["max_completion_tokens"] ?? json["max_tokens"]) ?? fallback.MaxTokens;
        var temperature = ReadDouble(json["temperature"]) ?? fallback.Temperature;
        var seed = RequestInteger.Read(json["seed"]) ?? fallback.Seed;
        settings = new GenerationSettings((int)Math.Min(maxTokens, GenerationSettings.TokenLimit), temperature, unchecked((int)seed));

        error = null;
        if (maxTokens < 1)
        {
            error = "max_tokens: at least 1 was expected";
        }
        else if (!(temperature is >= 0 and <= GenerationSettings.TemperatureLimit))
        {
            error = "temperature: a number from 0 to 2 was expected";
        }

        return error is null;
    }

    private static string? ReadString(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static double? ReadDouble(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static bool ReadBool(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && flag;
}
