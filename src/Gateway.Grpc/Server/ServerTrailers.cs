using System.Globalization;
using Gateway.Grpc.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Grpc.Server;

/// <summary>Writes the end of a call (PROTOCOL-HTTP2.md, "Trailers" and "Trailers-Only").</summary>
internal static class ServerTrailers
{
    public static void Write(HttpResponse response, GrpcStatus status, Metadata? headers, Metadata? trailers)
    {
        // Without a message before it, the status goes into the headers, and these end the stream.
        bool only = !response.HasStarted;
        IHeaderDictionary fields = only ? response.Headers : response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        if (only && headers is not null) MetadataHeaders.Write(headers, fields);
        if (trailers is not null) MetadataHeaders.Write(trailers, fields);

        fields[HeaderNames.Status] = ((int)status.Code).ToString(CultureInfo.InvariantCulture);
        if (status.Message.Length > 0) fields[HeaderNames.Message] = PercentEncoding.Encode(status.Message);
        if (!status.Details.IsEmpty) fields[HeaderNames.StatusDetails] = BinaryHeader.Encode(status.Details.Span);
    }
}
