using System.Text;
using System.Text.RegularExpressions;
using Gateway.Api.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>The document in one version of OpenAPI, or one group of its operations with the schemas that they need.</summary>
/// <param name="document">Makes it.</param>
/// <param name="version">The version of OpenAPI.</param>
/// <param name="group">The group; null for all.</param>
internal sealed partial class ServedDocument(IOpenApiDocumentProvider document, OpenApiSpecVersion version, OpenApiTag? group = null)
{
    private readonly KeptContent _content = new(
        "application/json; charset=utf-8",
        KeptContent.AskedForAgain,
        async () => Write(Part(await document.GetOpenApiDocumentAsync(), group), version));

    /// <summary>Answers a request.</summary>
    public Task ServeAsync(HttpContext http) => _content.ServeAsync(http);

    private static OpenApiDocument Part(OpenApiDocument document, OpenApiTag? group)
    {
        if (group is null)
        {
            return document;
        }

        var part = OpenApiFilterService.CreateFilteredDocument(
            document, (_, _, operation) => operation.Tags?.Any(tag => tag.Name == group.Name) == true);
        part.Info.Title = $"{document.Info.Title}: {group.Name}";
        part.Tags = new HashSet<OpenApiTag> { group };
        Complete(part.Components!.Schemas!, document.Components!.Schemas!, part);
        return part;
    }

    // The library leaves out schemas that only a part of another one refers to.
    private static void Complete(IDictionary<string, IOpenApiSchema> schemas, IDictionary<string, IOpenApiSchema> all, OpenApiDocument part)
    {
        List<string> missing;
        do
        {
            var references = Reference().Matches(Text(part, OpenApiSpecVersion.OpenApi3_1)).Select(match => match.Groups[1].Value);
            missing = [.. references.Distinct().Where(name => !schemas.ContainsKey(name))];
            missing.ForEach(name => schemas.Add(name, all[name]));
        }
        while (missing.Count > 0);
    }

    private static byte[] Write(OpenApiDocument document, OpenApiSpecVersion version) => Encoding.UTF8.GetBytes(Text(document, version));

    private static string Text(OpenApiDocument document, OpenApiSpecVersion version)
    {
        using var text = new StringWriter();
        document.SerializeAs(version, new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return text.ToString();
    }

    [GeneratedRegex("\"#/components/schemas/([^\"]+)\"")]
    private static partial Regex Reference();
}
