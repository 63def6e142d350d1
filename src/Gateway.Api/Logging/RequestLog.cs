using Gateway.Api.Calls;
using Gateway.Api.Grpc;
using Microsoft.AspNetCore.Http.Features;
using Serilog;
using Serilog.AspNetCore;
using Serilog.Events;

namespace Gateway.Api.Logging;

/// <summary>
/// Logs one line per request when it is over: what was asked, for whom, how it went. Never a key, a query or a body, nor a path with its ids.
/// </summary>
public static class RequestLog
{
    private const string Asked = "{Method} {Route} {Rpc} tenant={Tenant} ";
    private const string Took = " {Outcome} {Milliseconds:0.0} ms in={RequestBytes} out={ResponseBytes} req_id={RequestId}";

    /// <summary>Logs every request, whatever becomes of it. Calls of gRPC have their own status; their HTTP status says nothing.</summary>
    public static void UseRequestLog(this WebApplication app)
    {
        var guard = app.Services.GetRequiredService<StallGuard>();
        var logger = app.Services.GetRequiredService<Serilog.ILogger>();
        app.Use((http, next) =>
        {
            http.Features.Set(new CallRecord(guard));
            return next(http);
        });
        app.UseWhen(
            GrpcRequest.Is, calls => calls.UseSerilogRequestLogging(options => Describe(options, logger, "grpc={GrpcStatus}", "GrpcStatus", GrpcStatusOf)));
        app.UseWhen(
            http => !GrpcRequest.Is(http), requests => requests.UseSerilogRequestLogging(options => Describe(options, logger, "{Status}", "Status", StatusOf)));
    }

    private static void Describe(
        RequestLoggingOptions options, Serilog.ILogger logger, string status, string statusName, Func<HttpContext, object> statusOf)
    {
        options.Logger = logger;
        options.MessageTemplate = Asked + status + Took;
        options.GetLevel = (_, _, _) => LogEventLevel.Information;
        options.GetMessageTemplateProperties = (http, _, milliseconds, _) =>
        {
            var record = http.Features.GetRequiredFeature<CallRecord>();
            return
            [
                Property("Method", http.Request.Method),
                Property("Route", record.Route ?? (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)"),
                Property("Rpc", record.Rpc ?? "-"),
                Property("Tenant", record.Tenant ?? "-"),
                Property(statusName, statusOf(http)),
                Property("Outcome", record.Outcome),
                Property("Milliseconds", milliseconds),
                Property("RequestBytes", record.RequestBytes),
                Property("ResponseBytes", record.ResponseBytes),
                Property("RequestId", http.TraceIdentifier),
            ];
        };
    }

    private static object StatusOf(HttpContext http) =>
        http.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : http.Response.StatusCode;

    private static object GrpcStatusOf(HttpContext http) => GrpcRequest.StatusOf(http).ToString();

    private static LogEventProperty Property(string name, object value) => new(name, new ScalarValue(value));
}
