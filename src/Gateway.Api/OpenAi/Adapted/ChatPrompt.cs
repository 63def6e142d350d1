using System.Text;
using System.Text.Json;
using Gateway.Api.Errors;

namespace Gateway.Api.OpenAi.Adapted;

/// <summary>The messages of a chat as one prompt, with the media in them.</summary>
internal sealed class ChatPrompt
{
    private readonly StringBuilder _text = new();

    /// <summary>The text of the only message, or a line for each message, which its role begins.</summary>
    public string Text => _text.ToString();

    /// <summary>The images: URLs, data URLs.</summary>
    public List<JsonElement> Images { get; } = [];

    /// <summary>The sounds: base64.</summary>
    public List<JsonElement> Sounds { get; } = [];

    /// <summary>Reads the messages.</summary>
    /// <returns>Why they are none; null when they were read.</returns>
    public ApiError? Read(JsonElement? messages)
    {
        if (messages is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            return OpenAiErrors.Invalid("messages", "messages is a list of at least one message.");
        }

        foreach (var (index, message) in list.EnumerateArray().Index())
        {
            if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content", out var content))
            {
                return OpenAiErrors.Invalid($"messages[{index}]", "A message is an object with role and content.");
            }

            if (list.GetArrayLength() > 1)
            {
                _text.Append(index == 0 ? "" : "\n").Append(RoleOf(message)).Append(": ");
            }

            if (!TryAdd(content))
            {
                return OpenAiErrors.Invalid($"messages[{index}].content", "content is a text, or a list of the parts text, image_url and input_audio.");
            }
        }

        return null;
    }

    private static string RoleOf(JsonElement message) =>
        message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String ? role.GetString()! : "user";

    private bool TryAdd(JsonElement content)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                _text.Append(content.GetString());
                return true;
            case JsonValueKind.Array:
                return content.EnumerateArray().All(TryAddPart);
            default:
                return false;
        }
    }

    private bool TryAddPart(JsonElement part)
    {
        if (Find(part, "text") is { } text)
        {
            _text.Append(text.GetString());
            return true;
        }

        if (part.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var isImage = part.TryGetProperty("image_url", out var image) && Find(image, "url") is { } url && Add(Images, url);
        return isImage || (part.TryGetProperty("input_audio", out var audio) && Find(audio, "data") is { } data && Add(Sounds, data));
    }

    private static bool Add(List<JsonElement> list, JsonElement item)
    {
        list.Add(item);
        return true;
    }

    private static JsonElement? Find(JsonElement from, string member) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value : null;
}
