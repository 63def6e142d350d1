using System.Text;
using System.Text.Json;
using Gateway.Api.Errors;

namespace Gateway.Api.Faces.OpenAi.Adapted;

/// <summary>The messages of a chat as one prompt, with the media in them.</summary>
internal sealed class ChatPrompt
{
    /// <summary>There are none.</summary>
    public static readonly ApiError NoMessages = OpenAiErrors.Invalid("messages", "messages is a list of at least one message.");

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
            return NoMessages;
        }

        foreach (var (index, message) in list.EnumerateArray().Index())
        {
            if (message.ValueKind != JsonValueKind.Object || (Member(message, "content") is null && !HasOtherThanContent(message)))
            {
                return OpenAiErrors.Invalid(
                    $"messages[{index}]",
                    "A message is an object with role and content; an assistant's may have tool_calls or a refusal instead.");
            }

            if (list.GetArrayLength() > 1)
            {
                _text.Append(index == 0 ? "" : "\n").Append(RoleOf(message)).Append(": ");
            }

            if (Member(message, "content") is { } content && !TryAdd(content))
            {
                return OpenAiErrors.Invalid(
                    $"messages[{index}].content", "content is a text, or a list of the parts text, refusal, image_url and input_audio.");
            }

            AddOtherThanContent(message);
        }

        return null;
    }

    private static string RoleOf(JsonElement message) =>
        message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String ? role.GetString()! : "user";

    private static bool HasOtherThanContent(JsonElement message) => Find(message, "refusal") is not null || CallsOf(message).Length > 0;

    // What an assistant answered besides text, or in its place; clients send it back as it came.
    private void AddOtherThanContent(JsonElement message)
    {
        _text.Append(Find(message, "refusal")?.GetString());
        foreach (var call in CallsOf(message))
        {
            if (Find(call, "name") is { } name)
            {
                _text.Append(_text is [.., not ' '] ? " " : "").Append(name.GetString())
                    .Append('(').Append(Find(call, "arguments")?.GetString()).Append(')');
            }
        }
    }

    // In today's way, and in the older one.
    private static JsonElement[] CallsOf(JsonElement message)
    {
        var calls = Member(message, "tool_calls") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(call => Member(call, "function") ?? call)
            : [];
        return Member(message, "function_call") is { } older ? [.. calls, older] : [.. calls];
    }

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
        if ((Find(part, "text") ?? Find(part, "refusal")) is { } text)
        {
            _text.Append(text.GetString());
            return true;
        }

        // OpenAI's own image_url is an object; many clients send the URL itself.
        var image = Find(part, "image_url") ?? (Member(part, "image_url") is { } nested ? Find(nested, "url") : null);
        var sound = Member(part, "input_audio") is { } audio ? Find(audio, "data") : null;
        return (image is { } url && Add(Images, url)) || (sound is { } data && Add(Sounds, data));
    }

    private static bool Add(List<JsonElement> list, JsonElement item)
    {
        list.Add(item);
        return true;
    }

    // A text.
    private static JsonElement? Find(JsonElement from, string member) =>
        Member(from, member) is { ValueKind: JsonValueKind.String } text ? text : null;

    // Anything but null.
    private static JsonElement? Member(JsonElement from, string member) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
