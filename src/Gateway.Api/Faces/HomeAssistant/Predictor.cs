using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Api.Upstream;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Retries;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>The steps of a prediction, whoever asks for it: snapshot, workflow, event. Thread-safe.</summary>
internal sealed class Predictor(
    HomeAssistantClient home,
    OutgoingCalls calls,
    UpstreamTarget upstream,
    AccessControl access,
    SegmentPool segments,
    MessageJson messages,
    ApiSchema schema,
    TimeProvider time)
{
    private readonly PredictionEvent _event = new(messages);

    /// <summary>Runs a workflow.</summary>
    public RpcPlan Rpc { get; } = schema.Rpc(nameof(V2.V2Base.PostWorkflowResults));

    /// <summary>Who may run workflows.</summary>
    public RpcAccess Access { get; } = access.To(schema.Rpc(nameof(V2.V2Base.PostWorkflowResults)));

    /// <summary>Takes the snapshot and runs the workflow on it.</summary>
    /// <param name="prediction">What is asked.</param>
    /// <param name="tenant">On whose behalf.</param>
    /// <param name="call">Who asks, and for how long; the configured limits hold as well.</param>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    public async Task<PredictionRun> RunAsync(Prediction prediction, Tenant tenant, UpstreamCall call)
    {
        // 1. May the tenant?
        var started = time.GetTimestamp();
        if (Access.Check(tenant, prediction.ToNames()) is { } refusal)
        {
            return PredictionRun.Failed(refusal);
        }

        // 2. What the camera sees.
        var (image, error) = await home.SnapshotAsync(prediction.EntityId, call.Timeout, call.CancellationToken);
        if (image is null)
        {
            return PredictionRun.Failed(error!);
        }

        // 3. What the workflow makes of it.
        var request = prediction.ToRequest();
        request.Inputs.Add(Prediction.InputOf(image));
        var timeLeft = call.Timeout - time.GetElapsedTime(started);
        return Outcome(await CallAsync(request, tenant, calls.AsUnary(call with { Timeout = timeLeft })));
    }

    /// <summary>Fires the event of a prediction that has results.</summary>
    /// <param name="prediction">What was asked.</param>
    /// <param name="results">What came of it; loses its pictures.</param>
    /// <param name="call">Who asks, and for how long; the configured limit holds as well.</param>
    /// <returns>Why it is not fired; null when it is.</returns>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    public Task<ApiError?> FireAsync(Prediction prediction, PostWorkflowResultsResponse results, UpstreamCall call) =>
        home.FireAsync(PredictionEvent.Type, _event.Write(prediction, results), call.Timeout, call.CancellationToken);

    private async Task<UnaryResult<Payload>> CallAsync(PostWorkflowResultsRequest request, Tenant tenant, UpstreamCall call)
    {
        using var wire = new WireWriter(segments);
        request.WriteTo(wire);
        return await upstream.ClientFor(tenant).CallAsync(Rpc, wire.Written, call);
    }

    private PredictionRun Outcome(UnaryResult<Payload> answer)
    {
        if (answer.Message is not { } message)
        {
            return new PredictionRun(
                answer, null, UpstreamStatus.ToApiError(answer.Outcome, Pushback.Read(answer.Headers, answer.Trailers, time)));
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
