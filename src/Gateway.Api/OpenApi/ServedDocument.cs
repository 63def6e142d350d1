using System.Text;
using Gateway.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>The document in one version of OpenAPI.</summary>
/// <param name="document">Makes it.</param>
/// <param name="version">The version of OpenAPI.</param>
internal sealed class ServedDocument(IOpenApiDocumentProvider document, OpenApiSpecVersion version)
{
    private readonly KeptContent _content = new(
        "application/json; charset=utf-8",
        KeptContent.AskedForAgain,
        async () => Write(await document.GetOpenApiDocumentAsync(), version));

    /// <summary>Answers a request.</summary>
    public Task ServeAsync(HttpContext http) => _content.ServeAsync(http);

    private static byte[] Write(OpenApiDocument document, OpenApiSpecVersion version)
    {
        using var text = new StringWriter();
        document.SerializeAs(version, new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
