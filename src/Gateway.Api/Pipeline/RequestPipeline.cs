using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Api.Memory;
using Gateway.Api.Tenancy;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Pipeline;

/// <summary>
/// The way of every request, from key to answer: the steps that all routes share are here, with the one place that catches.
/// </summary>
internal sealed partial class RequestPipeline(
    IOptions<GatewayOptions> options, AccessControl access, ILogger<RequestPipeline> logger)
{
    private readonly long _maxBodyBytes = options.Value.Limits.MaxBodyBytes;

    /// <summary>Has a handler serve one request.</summary>
    public async Task RunAsync(HttpContext http, IRequestHandler handler)
    {
        var record = RequestRecord.Of(http);
        var route = handler.Route;
        record.Route = route.Path;
        record.Rpc = route.Rpc;
        Account? entered = null;
        try
        {
            // 1. Who calls.
            var error = access.Identify(http, route.Access, handler.AuthorizationOf(http), out var tenant);
            record.Tenant = tenant?.Name;
            record.KeyName = tenant?.KeyName;

            // 2. By when.
            TimeSpan? timeout = null;
            error ??= RequestTimeout.TryRead(http.Request.Headers, out timeout);

            // 3. Whether it is too much.
            if (error is null && tenant!.Account is { } account)
            {
                error = account.Enter(http.Response) is { } refusal ? ApiErrors.LimitExceeded(refusal) : null;
                entered = error is null ? account : null;
                http.Features.GetRequiredFeature<ByteShare>().ChargeTo(account.TenantMemory, account.KeyMemory);
            }

            // 4. The call itself.
            await (error is null
                ? handler.ServeAsync(new IncomingCall(http, record, tenant!, timeout))
                : ErrorWriter.WriteAsync(http, error));
        }
        catch (Exception exception) when (BodyFailure.IsClientLost(http, exception))
        {
            record.ClientLeft = true;
            LogClientLeft(http.TraceIdentifier);
        }
        catch (BodyRefusedException refused)
        {
            await ErrorWriter.FailAsync(http, refused.Error);
        }
        catch (IOException broken)
        {
            await ErrorWriter.FailAsync(http, BodyFailure.Of(broken, _maxBodyBytes));
        }
        catch (Exception exception)
        {
            LogFailed(exception, http.TraceIdentifier);
            await ErrorWriter.FailAsync(http, ApiErrors.Internal);
        }
        finally
        {
            entered?.Leave();
        }
    }

    [LoggerMessage(LogLevel.Error, "Request {RequestId} failed")]
    private partial void LogFailed(Exception exception, string requestId);

    [LoggerMessage(LogLevel.Debug, "The client of request {RequestId} left")]
    private partial void LogClientLeft(string requestId);
}
