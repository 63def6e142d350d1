using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Gateway.Api.Logging;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>
/// The document in one version of OpenAPI: made when it is first asked for, compressed once, and kept until the process ends, as it is the
/// same for everybody. Who has it already is told so (RFC 9110, 13.1.2).
/// </summary>
internal sealed class ServedDocument
{
    private const string Brotli = "br";
    private const string Gzip = "gzip";

    private readonly Lazy<Task<Form>> _plain;
    private readonly Lazy<Task<Form>> _brotli;
    private readonly Lazy<Task<Form>> _gzip;

    /// <summary>Serves a document.</summary>
    /// <param name="document">Makes it.</param>
    /// <param name="version">The version of OpenAPI.</param>
    public ServedDocument(IOpenApiDocumentProvider document, OpenApiSpecVersion version)
    {
        _plain = new(async () => new Form(null, Write(await document.GetOpenApiDocumentAsync(), version)));
        _brotli = new(() => CompressAsync(Brotli, output => new BrotliStream(output, CompressionLevel.Optimal)));
        _gzip = new(() => CompressAsync(Gzip, output => new GZipStream(output, CompressionLevel.Optimal)));
    }

    /// <summary>Answers a request.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        var form = await FormFor(http.Request).Value;
        var headers = http.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        headers.CacheControl = "no-cache"; // kept, but asked for again: another version of the gateway may have taken this one's place
        headers.ContentEncoding = form.Coding;
        await Results.Bytes(form.Content, "application/json; charset=utf-8", entityTag: form.Tag).ExecuteAsync(http);
        RequestRecord.Of(http).ResponseBytes += http.Response.ContentLength ?? 0;
    }

    // The shortest of those that the client likes best (RFC 9110, 12.5.3).
    private Lazy<Task<Form>> FormFor(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        var brotli = QualityOf(Brotli, accepted);
        var gzip = QualityOf(Gzip, accepted);
        return brotli > 0 && brotli >= gzip ? _brotli : gzip > 0 ? _gzip : _plain;
    }

    private static double QualityOf(string coding, IList<StringWithQualityHeaderValue> accepted) =>
        accepted.FirstOrDefault(one => one.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) is { } found ? found.Quality ?? 1 : 0;

    private static byte[] Write(OpenApiDocument document, OpenApiSpecVersion version)
    {
        using var text = new StringWriter();
        document.SerializeAs(version, new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private async Task<Form> CompressAsync(string coding, Func<Stream, Stream> coder)
    {
        var output = new MemoryStream();
        await using (var stream = coder(output))
        {
            await stream.WriteAsync((await _plain.Value).Content);
        }

        return new Form(coding, output.ToArray());
    }

    private sealed record Form(string? Coding, byte[] Content)
    {
        private const int TagBytes = 16;

        public EntityTagHeaderValue Tag { get; } = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Content).AsSpan(0, TagBytes))}\"");
    }
}
