using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Retries;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>The steps of a prediction, whoever asks for it: snapshot, workflow, event. Thread-safe.</summary>
internal sealed class Predictor
{
    private readonly HomeAssistantClient _home;
    private readonly CallServices _calls;
    private readonly PredictionEvent _event;

    /// <summary>Collects the services.</summary>
    public Predictor(HomeAssistantClient home, CallServices calls, MessageJson messages, ApiSchema schema)
    {
        _home = home;
        _calls = calls;
        _event = new PredictionEvent(messages);
        Rpc = schema.Rpc("PostWorkflowResults");
        Access = calls.AccessTo(Rpc);
    }

    /// <summary>Runs a workflow.</summary>
    public RpcPlan Rpc { get; }

    /// <summary>Who may run workflows.</summary>
    public RpcAccess Access { get; }

    /// <summary>Takes the snapshot and runs the workflow on it.</summary>
    /// <param name="prediction">What is asked.</param>
    /// <param name="tenant">On whose behalf.</param>
    /// <param name="call">Who asks, and for how long; the configured limits hold as well.</param>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    public async Task<PredictionRun> RunAsync(Prediction prediction, Tenant tenant, UpstreamCall call)
    {
        // 1. May the tenant?
        var started = _calls.Time.GetTimestamp();
        var request = prediction.ToRequest();
        if (Access.Check(tenant, request) is { } refusal)
        {
            return PredictionRun.Failed(refusal);
        }

        // 2. What the camera sees.
        var (image, error) = await _home.SnapshotAsync(prediction.EntityId, call.Timeout, call.CancellationToken);
        if (image is null)
        {
            return PredictionRun.Failed(error!);
        }

        // 3. What the workflow makes of it.
        request.Inputs.Add(Prediction.InputOf(image));
        var timeLeft = call.Timeout - _calls.Time.GetElapsedTime(started);
        return Outcome(await CallAsync(request, tenant, call with { Timeout = RequestTimeout.Shorter(_calls.UnaryTimeout, timeLeft) }));
    }

    /// <summary>Fires the event of a prediction that has results.</summary>
    /// <param name="prediction">What was asked.</param>
    /// <param name="results">What came of it; loses its pictures.</param>
    /// <param name="call">Who asks, and for how long; the configured limit holds as well.</param>
    /// <returns>Why it is not fired; null when it is.</returns>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    public Task<ApiError?> FireAsync(Prediction prediction, PostWorkflowResultsResponse results, UpstreamCall call) =>
        _home.FireAsync(PredictionEvent.Type, _event.Write(prediction, results), call.Timeout, call.CancellationToken);

    private async Task<UnaryResult<Payload>> CallAsync(PostWorkflowResultsRequest request, Tenant tenant, UpstreamCall call)
    {
        using var wire = new WireWriter(_calls.Segments);
        request.WriteTo(wire);
        return await _calls.Upstream.ClientFor(tenant.Pat).CallAsync(Rpc, wire.Written, call);
    }

    private PredictionRun Outcome(UnaryResult<Payload> answer)
    {
        if (answer.Message is not { } message)
        {
            return new PredictionRun(answer, null, UpstreamStatus.ToApiError(answer.Outcome, Pushback.Read(answer.Headers, answer.Trailers, _calls.Time)));
        }

        if (UpstreamStatus.FailureIn(Rpc, message) is { } failure)
        {
            return new PredictionRun(answer, null, failure);
        }

        try
        {
            return new PredictionRun(answer, PostWorkflowResultsResponse.Parser.ParseFrom(message.Span), null);
        }
        catch (InvalidProtocolBufferException)
        {
            return new PredictionRun(answer, null, ApiErrors.UpstreamUnreadable);
        }
    }
}
