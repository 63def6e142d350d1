using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>The document in one version of OpenAPI, or one group of its operations with the schemas that they need.</summary>
/// <param name="document">Makes it.</param>
/// <param name="version">The version of OpenAPI.</param>
/// <param name="group">The group: a tag; null for all.</param>
internal sealed class ServedDocument(IOpenApiDocumentProvider document, OpenApiSpecVersion version, string? group = null)
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly KeptContent _content = new(
        "application/json; charset=utf-8",
        KeptContent.AskedForAgain,
        async () => Write(await document.GetOpenApiDocumentAsync(), version, group));

    /// <summary>Answers a request.</summary>
    public Task ServeAsync(HttpContext http) => _content.ServeAsync(http);

    private static byte[] Write(OpenApiDocument document, OpenApiSpecVersion version, string? group)
    {
        using var writer = new StringWriter();
        document.SerializeAs(version, new OpenApiJsonWriter(writer, new OpenApiJsonWriterSettings { Terse = true }));
        var text = writer.ToString();
        if (group is not null)
        {
            var part = JsonNode.Parse(text)!.AsObject();
            DocumentGroup.Keep(part, group);
            text = part.ToJsonString(AsWritten);
        }

        return Encoding.UTF8.GetBytes(text);
    }
}
