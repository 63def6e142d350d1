using Gateway.Api.Calls;
using Gateway.Grpc.Server;

namespace Gateway.Api.Logging;

/// <summary>
/// Logs one line per request when it is over: what was asked, for whom, how it went. Never a key, a query or a body.
/// </summary>
public sealed partial class RequestLog(RequestDelegate next, StallGuard guard, TimeProvider time, ILogger<RequestLog> logger)
{
    /// <summary>Runs the request and logs it, whatever becomes of it.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var record = new CallRecord(guard);
        http.Features.Set(record);
        var started = time.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            Log(http, record, time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private void Log(HttpContext http, CallRecord record, double milliseconds)
    {
        var route = record.Route ?? (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
        var rpc = record.Rpc ?? "-";
        var tenant = record.Tenant ?? "-";
        if (http.Features.Get<GrpcOutcome>()?.Status is { } status)
        {
            LogGrpcCall(
                http.Request.Method, route, rpc, tenant, status.Code.ToString(), record.Outcome, milliseconds, record.RequestBytes, record.ResponseBytes, http.TraceIdentifier);
            return;
        }

        var httpStatus = http.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : http.Response.StatusCode;
        LogRequest(
            http.Request.Method, route, rpc, tenant, httpStatus, record.Outcome, milliseconds, record.RequestBytes, record.ResponseBytes, http.TraceIdentifier);
    }

    [LoggerMessage(LogLevel.Information,
        "{Method} {Route} {Rpc} tenant={Tenant} {Status} {Outcome} {Milliseconds:0.0} ms in={RequestBytes} out={ResponseBytes} req_id={RequestId}")]
    private partial void LogRequest(
        string method, string route, string rpc, string tenant, int status, int outcome, double milliseconds, long requestBytes, long responseBytes, string requestId);

    [LoggerMessage(LogLevel.Information,
        "{Method} {Route} {Rpc} tenant={Tenant} grpc={GrpcStatus} {Outcome} {Milliseconds:0.0} ms in={RequestBytes} out={ResponseBytes} req_id={RequestId}")]
    private partial void LogGrpcCall(
        string method, string route, string rpc, string tenant, string grpcStatus, int outcome, double milliseconds, long requestBytes, long responseBytes, string requestId);
}
