using Gateway.Api.Configuration;
using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Api.Tenancy;
using Gateway.Store;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.Admin;

/// <summary>
/// What every request of the admin API goes through: the key, before anything is told, paths that are none, and the one place that catches.
/// </summary>
/// <param name="next">Runs the endpoint.</param>
/// <param name="options">The key's hash.</param>
/// <param name="logger">The log.</param>
internal sealed partial class AdminGate(RequestDelegate next, IOptions<GatewayOptions> options, ILogger<AdminGate> logger)
{
    /// <summary>The most bytes of a body: settings with thousands of models in them.</summary>
    public const int MaxBodyBytes = 1 << 20;

    // Of no route of ours, the path is not logged: whoever mistypes one may have put a token there.
    private const string UnknownRoute = $"{AdminEndpoints.Root}/{{**path}}";
    private const string Tenant = "admin";

    private readonly KeyHash _key = KeyHash.TryParse(options.Value.Admin.KeySha256, out var hash)
        ? hash
        : throw new InvalidOperationException("There is no admin API without a key.");

    private readonly KeyHash? _metricsKey = KeyHash.TryParse(options.Value.Telemetry.MetricsKeySha256, out var metrics) ? metrics : null;

    /// <summary>Runs a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var record = RequestRecord.Of(http);
        var endpoint = http.GetEndpoint();
        record.Route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? UnknownRoute;
        http.Response.Headers.CacheControl = "no-store";
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = MaxBodyBytes;
        try
        {
            if (endpoint?.Metadata.GetMetadata<OpenToAll>() is null)
            {
                if (!HasKey(http.Request, endpoint?.Metadata.GetMetadata<OpenToMetricsKey>() is not null))
                {
                    await AdminWriter.WriteAsync(http, AdminProblem.Unauthorized);
                    return;
                }

                record.Tenant = Tenant;
            }

            await next(http);
            await AnswerUnmatchedAsync(http);
        }
        catch (Exception exception)
        {
            await FailAsync(http, record, exception);
        }
    }

    private bool HasKey(HttpRequest request, bool isOfMetrics)
    {
        if (request.Headers.Authorization is not [{ } header] || Authenticator.KeyIn(header) is not { IsEmpty: false } key)
        {
            return false;
        }

        var hash = KeyHash.Of(key);
        return hash.FixedTimeEquals(_key) || (isOfMetrics && _metricsKey is { } metrics && hash.FixedTimeEquals(metrics));
    }

    private static Task AnswerUnmatchedAsync(HttpContext http)
    {
        switch (http.Response)
        {
            case { HasStarted: false, StatusCode: StatusCodes.Status404NotFound }:
                return AdminWriter.WriteAsync(http, AdminProblem.PathUnknown);
            case { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed } response:
                var allow = HeadRequests.Allow(response.Headers.Allow.ToString());
                response.Headers.Allow = allow;
                return AdminWriter.WriteAsync(http, AdminProblem.MethodNotAllowed(http.Request.Method, allow));
            default:
                return Task.CompletedTask;
        }
    }

    private async Task FailAsync(HttpContext http, RequestRecord record, Exception exception)
    {
        if (BodyFailure.IsClientLost(http, exception))
        {
            record.ClientLeft = true;
            return;
        }

        var problem = exception switch
        {
            StoreException failure => AdminProblem.Of(failure),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => AdminProblem.BodyTooLarge,
            IOException => AdminProblem.BodyBroken,
            _ => AdminProblem.Internal,
        };
        if (problem == AdminProblem.Internal)
        {
            LogFailed(exception, http.TraceIdentifier);
        }
        else if (exception is StoreException)
        {
            LogStoreFailed(exception.Message, http.TraceIdentifier);
        }

        if (http.Response.HasStarted || http.Response.BodyWriter.UnflushedBytes > 0)
        {
            http.Abort(); // a cut answer must not look like a whole one
            return;
        }

        http.Response.Headers.ETag = default;
        await AdminWriter.WriteAsync(http, problem);
    }

    [LoggerMessage(LogLevel.Error, "Request {RequestId} of the admin API failed")]
    private partial void LogFailed(Exception exception, string requestId);

    [LoggerMessage(LogLevel.Error, "{Reason} Request {RequestId} of the admin API failed for that")]
    private partial void LogStoreFailed(string reason, string requestId);

    /// <summary>Metadata of endpoints that want no key.</summary>
    internal sealed class OpenToAll;

    /// <summary>Metadata of endpoints that the key of metrics opens, too.</summary>
    internal sealed class OpenToMetricsKey;
}
