using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Tests.Service;

/// <summary>Requests to the text generator's transport.</summary>
internal static class OpenAiChat
{
    public static async Task<JsonNode> SendAsync(SandboxClient sandbox, string message)
    {
        var request = Requests.Of("text-generator", Requests.Method("openai_transport", ("msg", Requests.Str(message))));
        return JsonNode.Parse(Assert.Single((await sandbox.PredictAsync(request)).Outputs).Data.Parts[0].Data.StringValue)!;
    }

    public static async Task<List<JsonNode>> StreamAsync(SandboxClient sandbox, string message)
    {
        var pieces = await sandbox.GenerateAllAsync(Requests.Of("text-generator", Requests.Method("openai_stream_transport", ("msg", Requests.Str(message)))));
        return pieces.ConvertAll(piece => JsonNode.Parse(piece.Outputs[0].Data.Parts[0].Data.StringValue)!);
    }

    /// <summary>The text of an answer and why it ended.</summary>
    public static (string? Text, string? Reason) TextOf(JsonNode answer) =>
        ((string?)answer["choices"]![0]!["message"]!["content"], (string?)answer["choices"]![0]!["finish_reason"]);

    /// <summary>The same of a streamed one.</summary>
    public static (string Text, string? Reason) TextOf(List<JsonNode> chunks) =>
        (string.Concat(chunks.Select(chunk => (string?)chunk["choices"]![0]!["delta"]!["content"])), (string?)chunks[^1]["choices"]![0]!["finish_reason"]);

    /// <summary>The function that an answer calls, and its arguments.</summary>
    public static (string? Name, string? Arguments) CallOf(JsonNode answer)
    {
        var function = answer["choices"]![0]!["message"]!["tool_calls"]?[0]!["function"];
        return ((string?)function?["name"], (string?)function?["arguments"]);
    }
}
