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

    private static readonly (string Name, int Least, int Most)[] Ranges =
    [
        ("temperature", 0, (int)GenerationSettings.TemperatureLimit), ("top_p", 0, 1),
        ("presence_penalty", -2, 2), ("frequency_penalty", -2, 2),
    ];

    /// <summary>Reads a request.</summary>
    public static bool TryParse(JsonObject json, [NotNullWhen(true)] out ChatRequest? request, [NotNullWhen(false)] out RequestError? error)
    {
        request = null;
        error = FindUnsupported(json);
        if (error is not null)
        {
            return false;
        }

        if (!Conversation.TryParse(json["messages"], out var conversation, out error))
        {
            return false;
        }

        List<string> stops = [];
        SchemaNode? schema = null;
        var tool = -1;
        var includeUsage = false;
        error = ReadSettings(json, out var settings, out var maxTokens)
            ?? ReadStops(json["stop"], out stops)
            ?? ResponseFormat.Read(json[ResponseFormat.Parameter], out schema)
            ?? ToolChoice.Read(json, conversation, out tool)
            ?? ReadStreamOptions(json["stream_options"], out includeUsage);
        if (error is null)
        {
            request = new ChatRequest(json["model"].Text() ?? "", conversation, settings, maxTokens, stops, schema, tool, includeUsage);
        }

        return error is null;
    }

    private static RequestError? FindUnsupported(JsonObject json) =>
        json["n"] is { } n && RequestInteger.Read(n) != 1 ? new RequestError("n", "only 1 is supported")
        : json["functions"] is not null ? new RequestError("functions", "not supported; tools are")
        : json["function_call"] is not null ? new RequestError("function_call", "not supported; tool_choice is")
        : json["logprobs"] is { } logprobs && !logprobs.IsFalse() ? new RequestError("logprobs", "not supported")
        : json["top_logprobs"] is { } top && RequestInteger.Read(top) != 0 ? new RequestError("top_logprobs", "not supported")
        : null;

    private static RequestError? ReadSettings(JsonObject json, out GenerationSettings settings, out int? maxTokens)
    {
        var fallback = GenerationSettings.Default;
        var limit = json["max_completion_tokens"] is null ? "max_tokens" : "max_completion_tokens";
        var most = RequestInteger.Read(json[limit]);
        var seed = RequestInteger.Read(json["seed"]);
        maxTokens = most is { } tokens ? (int)Math.Min(tokens, GenerationSettings.TokenLimit) : null;
        settings = new GenerationSettings(
            maxTokens ?? fallback.MaxTokens, json["temperature"].Number() ?? fallback.Temperature, unchecked((int)(seed ?? fallback.Seed)));
        return json[limit] is not null && most is null or < 1
                ? new RequestError(limit, "a whole number of at least 1 was expected")
            : json["seed"] is not null && seed is null ? new RequestError("seed", "a whole number was expected")
            : Array.Find(Ranges, range => IsBeyond(json[range.Name], range.Least, range.Most)) is { Name: { } name } range
                ? new RequestError(name, $"a number from {range.Least} to {range.Most} was expected")
            : null;
    }

    private static bool IsBeyond(JsonNode? number, int least, int most) =>
        number is not null && !(number.Number() >= least && number.Number() <= most);

    private static RequestError? ReadStreamOptions(JsonNode? options, out bool includeUsage)
    {
        var usage = options.Member("include_usage");
        includeUsage = usage.IsTrue();
        return options is not (null or JsonObject) ? new RequestError("stream_options", "an object was expected")
            : usage is null || includeUsage || usage.IsFalse() ? null
            : new RequestError("stream_options.include_usage", "true or false was expected");
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
