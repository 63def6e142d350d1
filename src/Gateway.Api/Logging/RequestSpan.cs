using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using Gateway.Core.Upstream.Telemetry;

namespace Gateway.Api.Logging;

/// <summary>
/// The span of a request, by OpenTelemetry's conventions for HTTP servers (semantic conventions 1.40).
/// <para>
/// The server makes one itself, and OpenTelemetry's instrumentation fills it: both cost most of their time for requests that are not
/// sampled, and write down paths and agents, in which there may be anything.
/// </para>
/// </summary>
internal static class RequestSpan
{
    // Of RFC 9110 and 5789, as the conventions have it; a client can write any word.
    private static readonly FrozenSet<string> Methods =
        FrozenSet.Create("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE");

    /// <summary>
    /// Begins a request's span, below the one that its client tells of (W3C Trace Context, 3.2); it is the current one from now on.
    /// </summary>
    /// <returns>The span; null while nobody traces.</returns>
    public static Activity? Begin(HttpContext http)
    {
        var source = GatewayTelemetry.Spans;
        if (!source.HasListeners())
        {
            return null;
        }

        var headers = http.Request.Headers;
        var parent = default(ActivityContext);
        if (headers.TraceParent is [{ } told])
        {
            ActivityContext.TryParse(told, headers.TraceState, isRemote: true, out parent);
        }

        return source.StartActivity("HTTP", ActivityKind.Server, parent);
    }

    /// <summary>Ends a request's span.</summary>
    /// <param name="span">The span; null when there is none.</param>
    /// <param name="record">What is known of the request.</param>
    /// <param name="route">The path template; null when no route has the path.</param>
    /// <param name="status">The HTTP status.</param>
    public static void End(Activity? span, HttpContext http, RequestRecord record, string? route, int status)
    {
        if (span is { IsAllDataRequested: true })
        {
            Describe(span, http, record, route, status);
        }

        span?.Stop();
    }

    private static void Describe(Activity span, HttpContext http, RequestRecord record, string? route, int status)
    {
        var method = Methods.Contains(http.Request.Method) ? http.Request.Method : GatewayTelemetry.Other;
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag("http.request.method", method)
            .SetTag("http.route", route)
            .SetTag("url.path", route) // ids stay out of traces, as out of the log
            .SetTag("url.scheme", http.Request.Scheme)
            .SetTag("network.protocol.version", VersionOf(http.Request.Protocol))
            .SetTag("http.response.status_code", status)
            .SetTag("rpc.response.status_code", record.GrpcStatus is { } grpc ? UpstreamTelemetry.NameOf(grpc) : null)
            .SetTag("clarifai.status_code", record.Outcome == 0 ? null : record.Outcome)
            .SetTag("gateway.request_id", http.TraceIdentifier)
            .SetTag("gateway.rpc", record.Rpc)
            .SetTag("gateway.tenant", record.Tenant)
            .SetTag("gateway.key", record.KeyName is { Length: > 0 } key ? key : null)
            .SetTag("gateway.model", record.Model);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);
        }
    }

    private static string VersionOf(string protocol) =>
        HttpProtocol.IsHttp2(protocol) ? "2" : HttpProtocol.IsHttp3(protocol) ? "3" : protocol["HTTP/".Length..];
}
