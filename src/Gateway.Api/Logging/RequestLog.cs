using System.Text.RegularExpressions;
using Gateway.Api.Telemetry;

namespace Gateway.Api.Logging;

/// <summary>
/// Logs one line per request when it is over: what was asked, for whom, how it went. Never a key, a query or a body, nor a path with its
/// ids, but for one that is none of the gateway's.
/// <para>
/// Serilog's own middleware would do, but for what it costs when nobody reads the line: the properties that others may add to it travel
/// with the request's execution context, and so with every await.
/// </para>
/// </summary>
internal sealed partial class RequestLog(
    RequestDelegate next, TimeProvider time, RequestTelemetry telemetry, ILogger<RequestLog> logger)
{
    private const int MaxPath = 100;
    private const string HiddenKey = "cgw_***";

    /// <summary>Runs the request and logs it, whatever becomes of it.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var record = new RequestRecord(time.GetTimestamp(), telemetry.Begin(http));
        http.Features.Set(record);
        var span = RequestSpan.Begin(http);
        try
        {
            await next(http);
        }
        finally
        {
            telemetry.End(http, record.Waits, record.GrpcStatus);
            var route = record.Route ?? (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            if (logger.IsEnabled(LogLevel.Information))
            {
                Log(http, record, route ?? UnknownPath(http), time.GetElapsedTime(record.Started).TotalMilliseconds);
            }

            RequestSpan.End(span, http, record, route, StatusOf(http, record)); // behind the line, which has its id
        }
    }

    // A client may go as soon as it has all of its answer.
    private static int StatusOf(HttpContext http, RequestRecord record)
    {
        var isWhole = record.IsEnded || http.Response.ContentLength == record.ResponseBytes;
        var left = !isWhole && (record.ClientLeft || http.RequestAborted.IsCancellationRequested);
        return left ? StatusCodes.Status499ClientClosedRequest : http.Response.StatusCode;
    }

    // Calls of gRPC have their own status; their HTTP status says nothing.
    private void Log(HttpContext http, RequestRecord record, string route, double milliseconds)
    {
        var method = http.Request.Method;
        var rpc = record.Rpc ?? "-";
        var tenant = record.Tenant ?? "-";
        var key = record.KeyName is { Length: > 0 } name ? name : "-";
        var model = record.Model ?? "-";
        var client = http.Connection.RemoteIpAddress?.ToString() ?? "-";
        if (record.GrpcStatus is { } status)
        {
            LogGrpcCall(
                method,
                route,
                rpc,
                tenant,
                status.ToString(),
                record.Outcome,
                milliseconds,
                record.RequestBytes,
                record.ResponseBytes,
                key,
                model,
                client,
                http.TraceIdentifier);
            return;
        }

        LogRequest(
            method,
            route,
            rpc,
            tenant,
            StatusOf(http, record),
            record.Outcome,
            milliseconds,
            record.RequestBytes,
            record.ResponseBytes,
            key,
            model,
            client,
            http.TraceIdentifier);
    }

    // As it came, for whoever has to find out what a client wants: percent-encoded, without gateway keys, and cut short.
    private static string UnknownPath(HttpContext http)
    {
        var path = KeyShape().Replace(http.Request.Path.ToUriComponent(), HiddenKey);
        return path.Length <= MaxPath ? path : $"{path.AsSpan(0, MaxPath)}...";
    }

    // A part of a key is too much as well.
    [GeneratedRegex("cgw_[A-Za-z0-9_-]+", RegexOptions.IgnoreCase)]
    private static partial Regex KeyShape();

    [LoggerMessage(LogLevel.Information,
        "{Method} {Route} {Rpc} tenant={Tenant} {Status} {Outcome} {Milliseconds:0.0} ms in={RequestBytes} out={ResponseBytes} "
            + "key={Key} model={Model} client={Client} req_id={RequestId}")]
    private partial void LogRequest(
        string method,
        string route,
        string rpc,
        string tenant,
        int status,
        int outcome,
        double milliseconds,
        long requestBytes,
        long responseBytes,
        string key,
        string model,
        string client,
        string requestId);

    [LoggerMessage(LogLevel.Information,
        "{Method} {Route} {Rpc} tenant={Tenant} grpc={GrpcStatus} {Outcome} {Milliseconds:0.0} ms in={RequestBytes} "
            + "out={ResponseBytes} key={Key} model={Model} client={Client} req_id={RequestId}")]
    private partial void LogGrpcCall(
        string method,
        string route,
        string rpc,
        string tenant,
        string grpcStatus,
        int outcome,
        double milliseconds,
        long requestBytes,
        long responseBytes,
        string key,
        string model,
        string client,
        string requestId);
}
