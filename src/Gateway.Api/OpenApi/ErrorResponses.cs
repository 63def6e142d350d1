using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>The answers to what fails, in the API's own shape. They are components: every operation has them.</summary>
internal sealed class ErrorResponses
{
    private static readonly (string Status, string Name, string Description, int Code, string Text, string Details)[] All =
    [
        (
            "400", "BadRequest", "The request cannot be read, or the API refuses it; `details` names the place.", 11100,
            "Bad request format", "inputs[0].data.image.base64: not base64"),
        (
            "401", "Unauthorized", "No key, a malformed one, or one that nobody has.", 11009, "API key not found",
            "No key: send the header 'Authorization: Key <your key>'."),
        (
            "default", "Failure",
            "Any other failure: not permitted (403), not there (404), too large (413), too often (429), or the upstream's.", 21200,
            "Model does not exist", "Model 'no-such-model' does not exist."),
    ];

    private readonly OpenApiDocument _document;

    /// <summary>Adds them to a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="shape">The schema of an error.</param>
    public ErrorResponses(OpenApiDocument document, IOpenApiSchema shape)
    {
        _document = document;
        foreach (var (_, name, description, code, text, details) in All)
        {
            var status = new JsonObject { ["code"] = code, ["description"] = text, ["details"] = details, ["req_id"] = "0198f1c2d3e4" };
            document.AddComponent(name, new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType { Schema = shape, Example = new JsonObject { ["status"] = status } },
                },
            });
        }
    }

    /// <summary>Adds them to an operation's answers, where these say nothing of their own.</summary>
    public void AddTo(OpenApiResponses responses)
    {
        foreach (var (status, name, _, _, _, _) in All)
        {
            responses.TryAdd(status, new OpenApiResponseReference(name, _document));
        }
    }
}
