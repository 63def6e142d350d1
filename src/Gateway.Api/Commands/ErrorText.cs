using System.Net;
using System.Text.Json;

namespace Gateway.Api.Commands;

/// <summary>An answer's error in one sentence: HTTP status, what it says, and the id to ask about it by.</summary>
internal static class ErrorText
{
    /// <summary>Says it.</summary>
    /// <param name="body">The API's <c>{"status": …}</c>, OpenAI's <c>{"error": …}</c>, or what somebody between wrote.</param>
    /// <param name="status">The HTTP status; null for an error within an answer that began well.</param>
    /// <param name="requestId">The answer's id; null where it has none.</param>
    public static string Of(string body, HttpStatusCode? status, string? requestId)
    {
        var code = status is null ? "" : $"{(int)status}: ";
        var said = Screen.Printable(Said(body) ?? status?.ToString() ?? "The answer failed").ReplaceLineEndings(" ").TrimEnd('.');
        var hint = status == HttpStatusCode.Unauthorized ? $"; the key to send is {ClientFactory.KeyNames}" : "";
        var request = requestId is null ? "" : $" (request {Screen.Printable(requestId)})";
        return $"{code}{said}{hint}{request}.";
    }

    private static string? Said(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.Member("status") is { } status ? Said(status)
                : json.RootElement.Member("error") is { } error ? error.Text("message")
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
        var (description, details) = (status.Text("description"), status.Text("details"));
        return string.IsNullOrEmpty(details) ? description : $"{description}: {details}";
    }
}
