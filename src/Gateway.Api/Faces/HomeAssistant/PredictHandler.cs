using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Json;
using Gateway.Core.Upstream;
using Gateway.Core.Wire;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>
/// Answers a prediction with the workflow's results, as the API's own route does. Whether Home Assistant took the event, too, is said by
/// the header <see cref="EventHeader"/>: results that are there are not lost over it.
/// </summary>
internal sealed partial class PredictHandler(
    string path,
    Predictor predictor,
    IOptions<GatewayOptions> options,
    TenantDirectory tenants,
    OutgoingCalls calls,
    MessageAnswer answer,
    JsonLimits limits,
    SegmentPool segments,
    ILogger<PredictHandler> logger) : IRequestHandler
{
    /// <summary>The response header: <c>fired</c>, or <c>failed</c> and why.</summary>
    public const string EventHeader = "X-Home-Assistant-Event";

    private readonly HomeAssistantOptions _options = options.Value.HomeAssistant;

    public RequestRoute Route { get; } = new(path, predictor.Rpc.Name, predictor.Access);

    public async Task ServeAsync(IncomingCall incoming)
    {
        var (prediction, error) = RefusalOf(incoming.Tenant) is { } refusal
            ? (null, refusal)
            : await PredictionBody.ReadAsync(incoming.Http, limits, segments);
        await (error is null ? PredictAsync(incoming, prediction!.In(incoming.Tenant)) : ErrorWriter.WriteAsync(incoming.Http, error));
    }

    private ApiError? RefusalOf(Tenant tenant)
    {
        var owner = _options.Tenant ?? tenants.Current.Default?.Name;
        return _options.Url.Length == 0
            ? HomeAssistantErrors.NotConfigured
            : tenant.Name == owner
            ? null
            : HomeAssistantErrors.NotTheirs(tenant.Name);
    }

    private async Task PredictAsync(IncomingCall incoming, Prediction prediction)
    {
        var http = incoming.Http;
        using var run = await predictor.RunAsync(prediction, incoming.Tenant, CallOf(incoming));
        if (run.Results is { } results)
        {
            var failure = await predictor.FireAsync(prediction, results, CallOf(incoming));
            http.Response.Headers[EventHeader] = failure is null ? "fired" : $"failed: {failure.Details}";
            if (failure is not null)
            {
                LogNotFired(http.TraceIdentifier, failure.Details);
            }
        }

        await (run.Answer?.Message is { } message
            ? answer.WriteAsync(http, predictor.Rpc, message, run.Answer)
            : ErrorWriter.WriteAsync(http, run.Failure!));
    }

    private UpstreamCall CallOf(IncomingCall incoming) => calls.For(incoming, incoming.Http.RequestAborted);

    [LoggerMessage(LogLevel.Warning, "The event of request {RequestId} was not fired: {Reason}")]
    private partial void LogNotFired(string requestId, string reason);
}
