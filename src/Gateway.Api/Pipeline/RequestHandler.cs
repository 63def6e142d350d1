using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Api.Memory;
using Gateway.Api.Tenancy;
using Gateway.Core.Upstream;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.Pipeline;

/// <summary>
/// The requests of one route, from key to answer. The steps that all routes share are here, with the one place that
/// catches; a kind of route adds what it reads and answers.
/// </summary>
/// <param name="route">The path template, for the log.</param>
/// <param name="rpc">The RPC that the route calls, for the log; null when only the request tells.</param>
/// <param name="access">Who may call.</param>
/// <param name="services">What all handlers share.</param>
internal abstract partial class RequestHandler(string route, string? rpc, RpcAccess access, CallServices services)
{
    /// <summary>Who may call.</summary>
    protected RpcAccess Access { get; } = access;

    /// <summary>What all handlers share.</summary>
    protected CallServices Services { get; } = services;

    /// <summary>Handles one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var record = RequestRecord.Of(http);
        record.Route = route;
        record.Rpc = rpc;
        var started = Services.Time.GetTimestamp();
        try
        {
            // 1. Who calls.
            var error = Access.Identify(http, AuthorizationOf(http), Services.Tenants.Current, out var tenant);
            record.Tenant = tenant?.Name;

            // 2. By when.
            TimeSpan? timeout = null;
            error ??= RequestTimeout.TryRead(http.Request.Headers, out timeout);

            // 3. The call itself.
            await (error is null ? ServeAsync(new IncomingCall(http, tenant!, started, timeout)) : ErrorWriter.WriteAsync(http, error));
        }
        catch (Exception exception) when (BodyFailure.IsClientLost(http, exception))
        {
            record.ClientLeft = true;
            LogClientLeft(Services.Logger, http.TraceIdentifier);
        }
        catch (BodyRefusedException refused)
        {
            await ErrorWriter.FailAsync(http, refused.Error);
        }
        catch (IOException broken)
        {
            await ErrorWriter.FailAsync(http, BodyFailure.Of(broken, Services.Limits.MaxBodyBytes));
        }
        catch (Exception exception)
        {
            LogFailed(Services.Logger, exception, http.TraceIdentifier);
            await ErrorWriter.FailAsync(http, ApiErrors.Internal);
        }
    }

    /// <summary>Reads what is asked, makes the call and answers the client.</summary>
    protected abstract Task ServeAsync(IncomingCall incoming);

    /// <summary>Where the client's key is.</summary>
    protected virtual StringValues AuthorizationOf(HttpContext http) => http.Request.Headers.Authorization;

    /// <summary>The upstream on the tenant's behalf.</summary>
    protected ClarifaiClient ClientFor(IncomingCall incoming) => Services.Upstream.ClientFor(incoming.Tenant.Pat);

    /// <summary>What is left of the time that the client gave; null when it gave none.</summary>
    protected TimeSpan? TimeLeftOf(IncomingCall incoming) => incoming.Timeout - Services.Time.GetElapsedTime(incoming.Started);

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string requestId);

    [LoggerMessage(LogLevel.Debug, "The client of request {RequestId} left")]
    private static partial void LogClientLeft(ILogger logger, string requestId);
}
