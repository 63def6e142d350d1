using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Grpc.Protocol;

namespace Gateway.Grpc.Calls;

/// <summary>Reads a call's status from its response.</summary>
internal static class ResponseStatus
{
    /// <summary>Whether the headers hold the status already: no message follows then ("Trailers-Only").</summary>
    public static bool IsTrailersOnly(HttpResponseMessage response) => response.Headers.NonValidated.Contains(HeaderNames.Status);

    /// <summary>The failure of a response that is not gRPC at all, or null.</summary>
    public static GrpcStatus? NotGrpc(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK) return FromHttp(response.StatusCode);
        return ContentTypes.IsGrpc(Value(response.Content.Headers, HeaderNames.ContentType)) ? null : CallFailures.NotGrpc;
    }

    /// <summary>Reads <c>grpc-status</c> and what goes with it from the trailers, or from headers that stand in for them.</summary>
    public static GrpcStatus Read(HttpHeaders trailers)
    {
        if (Value(trailers, HeaderNames.Status) is not { } number) return CallFailures.NoStatus;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int code)) return CallFailures.BadStatus;

        string? message = Value(trailers, HeaderNames.Message);
        if (code == 0 && message is null) return GrpcStatus.OK;
        return new GrpcStatus(
            code <= (int)GrpcStatusCode.Unauthenticated ? (GrpcStatusCode)code : GrpcStatusCode.Unknown,
            message is null ? "" : PercentEncoding.Decode(message),
            Details(trailers));
    }

    public static string? Value(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;

    private static ReadOnlyMemory<byte> Details(HttpHeaders trailers) =>
        Value(trailers, HeaderNames.StatusDetails) is { } text && BinaryHeader.TryDecode(text, out byte[] details) ? details : default;

    // gRPC, http-grpc-status-mapping.md
    private static GrpcStatus FromHttp(HttpStatusCode status)
    {
        GrpcStatusCode code = (int)status switch
        {
            400 => GrpcStatusCode.Internal,
            401 => GrpcStatusCode.Unauthenticated,
            403 => GrpcStatusCode.PermissionDenied,
            404 => GrpcStatusCode.Unimplemented,
            429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
            _ => GrpcStatusCode.Unknown,
        };
        return new GrpcStatus(code, string.Create(CultureInfo.InvariantCulture, $"the upstream answered HTTP {(int)status} instead of gRPC"));
    }
}
