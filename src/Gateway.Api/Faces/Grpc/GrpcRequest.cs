using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Faces.Grpc;

/// <summary>Tells requests of gRPC and gRPC-Web from others, and how they ended.</summary>
internal static class GrpcRequest
{
    /// <summary>Whether a request is gRPC or gRPC-Web: its content says so (PROTOCOL-HTTP2.md, "Content-Type").</summary>
    public static bool Is(HttpContext http) =>
        http.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether it was a call of gRPC in the end: some that say so come to another route, or are refused before.</summary>
    public static bool IsCall(HttpContext http) =>
        Is(http) && http.Response.StatusCode == StatusCodes.Status200OK
        && (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null || http.Response.Headers.ContainsKey("grpc-status"));

    /// <summary>The status that the client got; cancelled where it left before there was one.</summary>
    public static StatusCode StatusOf(HttpContext http)
    {
        var trailers = http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        var status = trailers?.TryGetValue("grpc-status", out var trailer) == true ? trailer : http.Response.Headers["grpc-status"];
        if (int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return (StatusCode)code;
        }

        return http.RequestAborted.IsCancellationRequested ? StatusCode.Cancelled : StatusCode.Unknown;
    }
}
