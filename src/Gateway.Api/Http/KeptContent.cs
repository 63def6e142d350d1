using System.IO.Compression;
using System.Security.Cryptography;
using Gateway.Api.Logging;
using Microsoft.Net.Http.Headers;

namespace Gateway.Api.Http;

/// <summary>
/// Content that is the same for everybody: made when it is first asked for, compressed once, and kept until the process ends. Who has it
/// already is told so (RFC 9110, 13.1.2). Thread-safe.
/// </summary>
internal sealed class KeptContent
{
    /// <summary>Kept by clients, but asked for again: another version of the gateway may have taken this one's place.</summary>
    public const string AskedForAgain = "no-cache";

    /// <summary>For names that other content never has.</summary>
    public const string KeptForGood = "public, max-age=31536000, immutable";

    private const string Brotli = "br";
    private const string Gzip = "gzip";

    private readonly string _type;
    private readonly string _caching;
    private readonly Lazy<Task<Form>> _plain;
    private readonly Lazy<Task<Form>> _brotli;
    private readonly Lazy<Task<Form>> _gzip;

    /// <summary>Keeps some content.</summary>
    /// <param name="type">Its media type.</param>
    /// <param name="caching">What <c>Cache-Control</c> says of it.</param>
    /// <param name="make">Makes it.</param>
    public KeptContent(string type, string caching, Func<Task<byte[]>> make)
    {
        _type = type;
        _caching = caching;
        _plain = new(async () => new Form(null, await make()));
        _brotli = new(() => CompressAsync(Brotli, output => new BrotliStream(output, CompressionLevel.Optimal)));
        _gzip = new(() => CompressAsync(Gzip, output => new GZipStream(output, CompressionLevel.Optimal)));
    }

    /// <summary>The content, as it is before it is compressed.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync() => (await _plain.Value).Content;

    /// <summary>Answers a request.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        var form = await FormFor(http.Request).Value;
        var headers = http.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        headers.CacheControl = _caching;
        headers.ContentEncoding = form.Coding;
        await Results.Bytes(form.Content, _type, entityTag: form.Tag).ExecuteAsync(http);
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
