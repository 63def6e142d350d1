using Gateway.Core.Upstream;
using Grpc.Core;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Pipeline;

/// <summary>
/// A call to the upstream on behalf of an HTTP request. Of the request's headers it carries its id and those that mean something on the other side:
/// the one place that says which. What gRPC clients send goes on as it is.
/// </summary>
internal static class OutgoingCall
{
    private const string RequestIdPrefix = "x-clarifai-request-id-prefix";
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    /// <summary>What a call carries besides its message.</summary>
    /// <param name="http">The request.</param>
    /// <param name="timeout">How long the call may take; null for as long as it lasts.</param>
    /// <param name="end">Ends it.</param>
    public static UpstreamCall For(HttpContext http, TimeSpan? timeout, CancellationToken end) =>
        new(http.TraceIdentifier, timeout, end) { Metadata = MetadataOf(http.Request.Headers) };

    // Null for none, as most requests have it.
    private static Metadata? MetadataOf(IHeaderDictionary headers)
    {
        Metadata? metadata = null;
        Add(ref metadata, RequestIdPrefix, headers[RequestIdPrefix]);
        Add(ref metadata, TraceParent, headers.TraceParent);
        Add(ref metadata, TraceState, headers.TraceState);
        return metadata;
    }

    // Several lines are one list (RFC 9110, 5.3). What cannot travel as metadata stays behind: a trace is no reason to refuse a request.
    private static void Add(ref Metadata? metadata, string key, StringValues header)
    {
        if (header.ToString() is { Length: > 0 } value && !value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            (metadata ??= []).Add(key, value);
        }
    }
}
