using Gateway.Api.Errors;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RequestDecompression;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Gateway.Api.Http;

/// <summary>
/// Unpacks the bodies that come in a content coding (RFC 9110, 8.4), and refuses codings that it does not know. How much may come out is
/// for those to bound who read it, as they do for all bodies: some bound the body, some each message in it.
/// </summary>
/// <param name="next">What takes the request.</param>
/// <param name="decoders">The decoders.</param>
/// <param name="options">What they are called.</param>
internal sealed class EncodedBodies(
    RequestDelegate next, IRequestDecompressionProvider decoders, IOptions<RequestDecompressionOptions> options)
{
    private const string None = "identity";

    private readonly string _known = string.Join(", ", options.Value.DecompressionProviders.Keys.Order(StringComparer.Ordinal));

    /// <summary>Unpacks the body, unless the request is gRPC's, whose messages have codings of their own.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        var coding = http.Request.Headers.ContentEncoding;
        return coding.Count == 0 || coding == None || IsGrpc(http.Request) ? next(http) : DecodeAsync(http, coding.ToString());
    }

    private async Task DecodeAsync(HttpContext http, string coding)
    {
        var packed = http.Request.Body;
        http.Request.Body = http.Request.BodyReader.AsStream();
        if (decoders.GetDecompressionStream(http) is not { } decoder)
        {
            http.Response.Headers[HeaderNames.AcceptEncoding] = _known;
            await ErrorWriter.WriteAsync(http, ApiErrors.CodingUnknown(coding, _known));
            return;
        }

        await using var body = new DecodedBody(decoder);
        http.Request.Body = body;
        http.Features.Set<IRequestBodyPipeFeature>(new RequestBodyPipeFeature(http));
        try
        {
            await next(http);
        }
        finally
        {
            http.Request.Body = packed;
        }
    }

    private static bool IsGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
}
