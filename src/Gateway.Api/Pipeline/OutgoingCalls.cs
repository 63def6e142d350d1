using Gateway.Api.Configuration;
using Gateway.Api.Http;
using Gateway.Api.Upstream;
using Gateway.Core.Upstream;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Pipeline;

/// <summary>
/// Calls to the upstream on behalf of HTTP requests. Of a request's headers they carry its id and those that mean something on the other
/// side: the one place that says which. What gRPC clients send goes on as it is. Thread-safe.
/// </summary>
internal sealed class OutgoingCalls(IOptions<GatewayOptions> options, UpstreamTarget upstream, TimeProvider time)
{
    private const string RequestIdPrefix = "x-clarifai-request-id-prefix";
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    private readonly TimeSpan _unaryTimeout = options.Value.Upstream.UnaryTimeout;
    private readonly StreamOptions _streams = options.Value.Streams;

    /// <summary>How long a two-way call waits for the client's first message, and for the upstream's.</summary>
    public TimeSpan FirstMessageTimeout => _streams.FirstMessageTimeout;

    /// <summary>The upstream on the tenant's behalf.</summary>
    public ClarifaiClient ClientFor(IncomingCall incoming) => upstream.ClientFor(incoming.Tenant);

    /// <summary>What is left of the time that the client gave; null when it gave none.</summary>
    public TimeSpan? TimeLeft(IncomingCall incoming) =>
        incoming.Timeout is { } timeout ? timeout - time.GetElapsedTime(incoming.Started) : null;

    /// <summary>What a call carries besides its message, within the time that the client gave and no other limit.</summary>
    public UpstreamCall For(IncomingCall incoming, CancellationToken end) =>
        new(incoming.Http.TraceIdentifier, TimeLeft(incoming), end)
        {
            Memory = incoming.Memory,
            Waits = incoming.Record,
            Metadata = MetadataOf(incoming.Http.Request.Headers),
        };

    /// <summary>The same for a call that is answered once.</summary>
    public UpstreamCall Unary(IncomingCall incoming) => AsUnary(For(incoming, incoming.Http.RequestAborted));

    /// <summary>The same for a call that is answered with a stream.</summary>
    public UpstreamCall Stream(IncomingCall incoming) => Stream(incoming, incoming.Http.RequestAborted);

    /// <summary>The same for a stream that may outlive the request.</summary>
    public UpstreamCall Stream(IncomingCall incoming, CancellationToken end) => AsStream(For(incoming, end));

    /// <summary>A call that is answered once, under its limit.</summary>
    public UpstreamCall AsUnary(UpstreamCall call) => call with { Timeout = RequestTimeout.Shorter(_unaryTimeout, call.Timeout) };

    /// <summary>A call whose answer is a stream, under the limits that streams have.</summary>
    public UpstreamCall AsStream(UpstreamCall call) => call with
    {
        Timeout = RequestTimeout.Shorter(_streams.TotalTimeout, call.Timeout),
        FirstMessageTimeout = _streams.FirstMessageTimeout,
        IdleTimeout = _streams.IdleTimeout,
    };

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
