using Grpc.Core;

namespace Gateway.Core.Upstream.Failures;

/// <summary>HTTP/2 error codes (RFC 9113, section 7) and what they mean to a call (PROTOCOL-HTTP2.md, "HTTP2 Transport Mapping").</summary>
internal static class Http2ErrorCode
{
    private const long RefusedStream = 0x7;
    private const long Cancel = 0x8;
    private const long EnhanceYourCalm = 0xb;
    private const long InadequateSecurity = 0xc;

    private static readonly string[] Names =
    [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR",
        "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ];

    /// <summary>The outcome of a call whose stream was reset (RST_STREAM).</summary>
    public static CallOutcome Reset(long errorCode)
    {
        var code = errorCode switch
        {
            RefusedStream => StatusCode.Unavailable,
            Cancel => StatusCode.Cancelled,
            EnhanceYourCalm => StatusCode.ResourceExhausted,
            InadequateSecurity => StatusCode.PermissionDenied,
            _ => StatusCode.Internal,
        };
        return new CallOutcome(code, "the upstream reset the call with " + Name(errorCode));
    }

    /// <summary>The outcome of a call that ended because its connection was shut down (GOAWAY), for whatever reason.</summary>
    public static CallOutcome GoAway(long errorCode) =>
        new(StatusCode.Unavailable, "the upstream shut the connection down with " + Name(errorCode)) { IsConnectionFailure = true };

    private static string Name(long errorCode) => errorCode >= 0 && errorCode < Names.Length ? Names[errorCode] : "an unknown error code";
}
