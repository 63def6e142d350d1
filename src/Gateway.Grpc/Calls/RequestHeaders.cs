using System.Net;
using System.Net.Http.Headers;
using Gateway.Grpc.Protocol;

namespace Gateway.Grpc.Calls;

/// <summary>Writes the HTTP request of a call (PROTOCOL-HTTP2.md, "Requests").</summary>
internal static class RequestHeaders
{
    public static HttpRequestMessage Create(Uri address, RequestContent content, in CallOptions options, string userAgent)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        HttpRequestHeaders headers = request.Headers;
        headers.TryAddWithoutValidation(HeaderNames.TE, "trailers");
        headers.TryAddWithoutValidation(HeaderNames.AcceptEncoding, options.PassThrough is { AcceptsGzip: false } ? Encodings.Identity : Encodings.Accepted);
        if (options.CompressRequest || options.PassThrough is { SendsGzip: true }) headers.TryAddWithoutValidation(HeaderNames.Encoding, Encodings.Gzip);
        if (options.Timeout is { } timeout) headers.TryAddWithoutValidation(HeaderNames.Timeout, GrpcTimeout.Format(timeout));
        if (options.Headers?.GetValue(HeaderNames.UserAgent) is null) headers.TryAddWithoutValidation(HeaderNames.UserAgent, userAgent);
        if (options.Headers is not null) MetadataHeaders.Write(options.Headers, headers);
        return request;
    }
}
