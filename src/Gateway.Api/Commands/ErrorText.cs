using System.Net;
using System.Text.Json;

namespace Gateway.Api.Commands;

/// <summary>An answer's error in one sentence: HTTP status, what it says, and the id to ask about it by.</summary>
internal static class ErrorText
{
    /// <summary>Says it.</summary>
    /// <param name="body">The API's <c>{"status": …}</c>, OpenAI's <c>{"error": …}</c>, or what somebody between wrote.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="requestId">The answer's id; null where it has none.</param>
    public static string Of(string body, HttpStatusCode status, string? requestId)
    {
        var request = requestId is null ? "" : $" (request {Screen.Printable(requestId)})";
        return $"{(int)status}: {Screen.Printable(Said(body) ?? status.ToString()).ReplaceLineEndings(" ").TrimEnd('.')}{request}.";
    }

    private static string? Said(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Member(json.RootElement, "status") is { } status ? Said(status)
                : Member(json.RootElement, "error") is { } error ? Text(error, "message")
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What an API's status says, details included; null when it says nothing.</summary>
    public static string? Said(JsonElement status)
    {
        var (description, details) = (Text(status, "description"), Text(status, "details"));
        return string.IsNullOrEmpty(details) ? description : $"{description}: {details}";
    }

    private static JsonElement? Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
