using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Gateway.Sandbox.Schemas;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>What the model can honour of a chat completion request.</summary>
/// <param name="Model">The model name as the caller gave it; answers repeat it.</param>
/// <param name="Conversation">The messages.</param>
/// <param name="Settings">Temperature and seed.</param>
/// <param name="MaxTokens">The most tokens of the answer; null when the caller leaves it to the model.</param>
/// <param name="Stops">Where the answer ends, besides.</param>
/// <param name="Schema">What the answer is as JSON; null for text.</param>
/// <param name="Tool">Which of the tools is called; negative for none.</param>
/// <param name="IncludeUsage">Whether a stream ends with a chunk that tells the usage.</param>
internal sealed record ChatRequest(
    string Model, Conversation Conversation, GenerationSettings Settings, int? MaxTokens, IReadOnlyList<string> Stops, SchemaNode? Schema,
    int Tool, bool IncludeUsage)
{
    private const int MaxStops = 4;
    private const int MaxStopLength = 256;

    /// <summary>Reads a request.</summary>
    public static bool TryParse(JsonObject json, [NotNullWhen(true)] out ChatRequest? request, [NotNullWhen(false)] out RequestError? error)
    {
        request = null;
        if (json["n"] is { } n && RequestInteger.Read(n) != 1)
        {
            error = new RequestError("n", "only 1 is supported");
            return false;
        }

        if (!Conversation.TryParse(json["messages"], out var conversation, out error))
        {
            return false;
        }

        List<string> stops = [];
        SchemaNode? schema = null;
        var tool = -1;
        error = ReadSettings(json, out var settings, out var maxTokens)
            ?? ReadStops(json["stop"], out stops)
            ?? ResponseFormat.Read(json[ResponseFormat.Parameter], out schema)
            ?? ToolChoice.Read(json, conversation, out tool);
        if (error is null)
        {
            var includeUsage = json["stream_options"].Member("include_usage").IsTrue();
            request = new ChatRequest(json["model"].Text() ?? "", conversation, settings, maxTokens, stops, schema, tool, includeUsage);
        }

        return error is null;
    }

    private static RequestError? ReadSettings(JsonObject json, out GenerationSettings settings, out int? maxTokens)
    {
        var fallback = GenerationSettings.Default;
        var most = RequestInteger.Read(json["max_completion_tokens"] ?? json["max_tokens"]);
        var temperature = json["temperature"].Number() ?? fallback.Temperature;
        var seed = RequestInteger.Read(json["seed"]) ?? fallback.Seed;
        maxTokens = most is { } limit ? (int)Math.Min(limit, GenerationSettings.TokenLimit) : null;
        settings = new GenerationSettings(maxTokens ?? fallback.MaxTokens, temperature, unchecked((int)seed));
        return most < 1 ? new RequestError("max_tokens", "at least 1 was expected")
            : temperature is >= 0 and <= GenerationSettings.TemperatureLimit ? null
            : new RequestError("temperature", "a number from 0 to 2 was expected");
    }

    private static RequestError? ReadStops(JsonNode? stop, out List<string> stops)
    {
        var texts = stop is JsonArray list ? list.Select(RequestNode.Text).ToList() : stop is null ? [] : [stop.Text()];
        stops = [.. texts.OfType<string>()];
        return texts.Count <= MaxStops && texts.TrueForAll(text => text is { Length: > 0 and <= MaxStopLength })
            ? null
            : new RequestError("stop", $"a text, or a list of up to {MaxStops}, each of 1 to {MaxStopLength} characters, was expected");
    }
}
