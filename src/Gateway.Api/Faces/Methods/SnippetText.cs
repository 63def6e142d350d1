using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.Methods;

/// <summary>
/// Code that calls a method through this gateway, ready to run. The templates are files beside it, one for each language and way of
/// answering.
/// </summary>
internal static class SnippetText
{
    private const string Folder = "Gateway.Api.Faces.Methods.Snippets.";

    // Names come from a model's author: what could end a literal of any of the languages is written as an escape of JSON.
    private static readonly JsonSerializerOptions Safe = new() { Encoder = JavaScriptEncoder.Default };

    private static readonly FrozenDictionary<string, (string Unary, string Stream)> Templates =
        new[] { "curl", "python", "javascript", "csharp", "go" }.ToFrozenDictionary(
            language => language, language => (Read($"{language}.unary"), Read($"{language}.stream")));

    /// <summary>The languages.</summary>
    public static IEnumerable<string> Languages => Templates.Keys.Order();

    /// <summary>The code; null for a language that there is no template for.</summary>
    /// <param name="language">The language.</param>
    /// <param name="url">Where the method is called.</param>
    /// <param name="method">The method.</param>
    public static string? Of(string language, string url, ModelMethod method)
    {
        if (!Templates.TryGetValue(language, out var template))
        {
            return null;
        }

        var arguments = new JsonObject(method.Arguments.Where(argument => argument.IsRequired).DistinctBy(argument => argument.Name)
            .Select(argument => KeyValuePair.Create(argument.Name, (JsonNode?)SampleValue.Of(argument))));
        var text = method.Kind == RunnerMethodType.UnaryUnary ? template.Unary : template.Stream;
        return text.Replace("{url}", url, StringComparison.Ordinal).Replace(
            "{body}", arguments.ToJsonString(Safe), StringComparison.Ordinal);
    }

    private static string Read(string name)
    {
        using var resource = typeof(SnippetText).Assembly.GetManifestResourceStream($"{Folder}{name}.txt")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
