using System.Text;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Faces.OpenAi;

/// <summary>What tests of the OpenAI face have in common.</summary>
internal static class Face
{
    public const string Root = "/v2/ext/openai/v1";

    public const string Chat = $"{Root}/chat/completions";

    /// <summary>The models of the sandbox that the face serves, as the list names them.</summary>
    public static readonly string[] Sandboxed =
    [
        "clarifai/main/models/text-embedder", "clarifai/main/models/text-generator", "clarifai/main/models/image-painter",
    ];

    /// <summary>Posts a request.</summary>
    public static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, string body) =>
        client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    /// <summary>Posts a request, and reads the JSON that comes back.</summary>
    public static async Task<JsonNode> AskAsync(HttpClient client, string path, string body)
    {
        using var answer = await PostAsync(client, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Posts a request, and reads the stream that comes back as text.</summary>
    public static async Task<string> StreamAsync(HttpClient client, string path, string body)
    {
        using var answer = await PostAsync(client, path, body);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>An error, which has OpenAI's shape.</summary>
    public static JsonNode ErrorOf(Answer answer)
    {
        Assert.Equal("application/json", answer.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["error"], answer.Body.AsObject().Select(member => member.Key));
        Assert.Equal(["code", "message", "param", "type"], answer.Body["error"]!.AsObject().Select(member => member.Key).Order());
        Assert.NotEmpty(answer.Response.Headers.GetValues("X-Request-ID"));
        return answer.Body["error"]!;
    }
}
