using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Upstream;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>
/// Answers a prediction with the workflow's results, as the API's own route does. Whether Home Assistant took the event, too, is said by the
/// header <see cref="EventHeader"/>: results that are there are not lost over it.
/// </summary>
/// <param name="route">The route.</param>
/// <param name="predictor">The steps.</param>
/// <param name="options">Whose the Home Assistant is.</param>
/// <param name="services">What all handlers share.</param>
internal sealed partial class PredictHandler(string route, Predictor predictor, HomeAssistantOptions options, CallServices services)
    : RequestHandler(route, predictor.Rpc.Name, predictor.Access, services)
{
    /// <summary>The response header: <c>fired</c>, or <c>failed</c> and why.</summary>
    public const string EventHeader = "X-Home-Assistant-Event";

    private readonly SingleAnswer _answer = new(predictor.Rpc, services);

    /// <inheritdoc/>
    protected override async Task ServeAsync(IncomingCall incoming)
    {
        var (prediction, error) = RefusalOf(incoming.Tenant) is { } refusal ? (null, refusal) : await PredictionBody.ReadAsync(incoming.Http, Services);
        await (error is null ? PredictAsync(incoming, prediction!.In(incoming.Tenant)) : ErrorWriter.WriteAsync(incoming.Http, error));
    }

    private ApiError? RefusalOf(Tenant tenant)
    {
        var owner = options.Tenant ?? Services.Tenants.Current.Default?.Name;
        return options.Url.Length == 0 ? HomeAssistantErrors.NotConfigured : tenant.Name == owner ? null : HomeAssistantErrors.NotTheirs(tenant.Name);
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
                LogNotFired(Services.Logger, http.TraceIdentifier, failure.Details);
            }
        }

        await (run.Answer?.Message is { } message
            ? _answer.WriteAsync(http, message, run.Answer)
            : ErrorWriter.WriteAsync(http, run.Failure!));
    }

    private UpstreamCall CallOf(IncomingCall incoming) => OutgoingCall.For(incoming.Http, TimeLeftOf(incoming), incoming.Http.RequestAborted);

    [LoggerMessage(LogLevel.Warning, "The event of request {RequestId} was not fired: {Reason}")]
    private static partial void LogNotFired(ILogger logger, string requestId, string reason);
}
