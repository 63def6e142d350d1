using Gateway.Api.Calls;

namespace Gateway.Api.Logging;

/// <summary>
/// Logs one line per request when it is over: what was asked, for whom, how it went. Never a key, a query or a body.
/// </summary>
public sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> logger)
{
    /// <summary>Runs the request and logs it, whatever becomes of it.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var record = new CallRecord();
        http.Features.Set(record);
        var started = time.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            LogRequest(
                http.Request.Method,
                record.Route ?? (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)",
                record.Rpc ?? "-",
                record.Tenant ?? "-",
                http.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : http.Response.StatusCode,
                record.Outcome,
                time.GetElapsedTime(started).TotalMilliseconds,
                record.RequestBytes,
                record.ResponseBytes,
                http.TraceIdentifier);
        }
    }

    [LoggerMessage(LogLevel.Information,
        "{Method} {Route} {Rpc} tenant={Tenant} {Status} {Outcome} {Milliseconds:0.0} ms in={RequestBytes} out={ResponseBytes} req_id={RequestId}")]
    private partial void LogRequest(
        string method, string route, string rpc, string tenant, int status, int outcome, double milliseconds, long requestBytes, long responseBytes, string requestId);
}
