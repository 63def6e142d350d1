using System.Globalization;
using Gateway.Grpc.Protocol;
using Microsoft.AspNetCore.Http;

namespace Gateway.Grpc.Server;

/// <summary>The fields that end a call (PROTOCOL-HTTP2.md, "Trailers").</summary>
internal static class ServerTrailers
{
    public static void Write(IHeaderDictionary fields, GrpcStatus status, Metadata trailers)
    {
        MetadataHeaders.Write(trailers, fields);
        fields[HeaderNames.Status] = ((int)status.Code).ToString(CultureInfo.InvariantCulture);
        if (status.Message.Length > 0) fields[HeaderNames.Message] = PercentEncoding.Encode(status.Message);
        if (!status.Details.IsEmpty) fields[HeaderNames.StatusDetails] = BinaryHeader.Encode(status.Details.Span);
    }
}
