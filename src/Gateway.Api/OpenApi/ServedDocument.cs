using System.Text;
using Gateway.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>The document in one version of OpenAPI, and groups of its operations by themselves.</summary>
/// <param name="document">Makes it.</param>
/// <param name="version">The version of OpenAPI.</param>
internal sealed class ServedDocument(IOpenApiDocumentProvider document, OpenApiSpecVersion version)
{
    private const string Type = "application/json; charset=utf-8";

    private readonly KeptContent _content = new(
        Type, KeptContent.AskedForAgain, async () => Write(await document.GetOpenApiDocumentAsync(), version));

    /// <summary>Answers a request.</summary>
    public Task ServeAsync(HttpContext http) => _content.ServeAsync(http);

    /// <summary>One group of the operations, with what they need, by itself.</summary>
    /// <param name="tag">The group.</param>
    public KeptContent Group(string tag) => new(
        Type, KeptContent.AskedForAgain, async () => DocumentGroup.Of((await _content.ReadAsync()).Span, tag));

    private static byte[] Write(OpenApiDocument document, OpenApiSpecVersion version)
    {
        using var text = new StringWriter();
        document.SerializeAs(version, new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
