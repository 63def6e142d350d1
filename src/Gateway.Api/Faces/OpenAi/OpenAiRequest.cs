using System.Text.Json;
using Gateway.Api.Errors;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>What the gateway itself reads of a request; the rest is the model's.</summary>
/// <param name="Json">The request, an object.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Streams">Whether the answer is to be a stream.</param>
/// <param name="Id">The request's id.</param>
internal readonly record struct OpenAiRequest(JsonElement Json, string Model, bool Streams, string Id)
{
    /// <summary>The member that tells a model's transport which path a request was for.</summary>
    public const string EndpointMember = "openai_endpoint";

    /// <summary>Whether a stream ends with a chunk that tells the tokens.</summary>
    public bool IncludesUsage => Find("stream_options") is { ValueKind: JsonValueKind.Object } options
        && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True;

    /// <summary>Reads a request.</summary>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public static ApiError? TryRead(JsonElement json, string id, out OpenAiRequest request)
    {
        request = default;
        if (json.ValueKind != JsonValueKind.Object)
        {
            return OpenAiErrors.NoObject;
        }

        if (json.TryGetProperty(EndpointMember, out _))
        {
            return OpenAiErrors.Invalid(EndpointMember, $"{EndpointMember} is the gateway's to say.");
        }

        if (!json.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.String)
        {
            return OpenAiErrors.NoModel;
        }

        var streams = json.TryGetProperty("stream", out var stream) ? stream.ValueKind : JsonValueKind.False;
        request = new OpenAiRequest(json, model.GetString()!, streams == JsonValueKind.True, id);
        return streams is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null
            ? null
            : OpenAiErrors.Invalid("stream", "stream is true or false.");
    }

    /// <summary>A member of the request; null when it has none of this name, or null for it.</summary>
    public JsonElement? Find(string member) =>
        Json.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
