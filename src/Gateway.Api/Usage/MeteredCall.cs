using System.Buffers;
using Clarifai.Api.Status;
using Gateway.Api.Logging;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;
using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>
/// One call as it is counted: what it asks for is set aside before it goes, and becomes use with the first answer, or with its end; each
/// answer counts as it comes, so that a stream which lasts is not counted at its end alone. What is refused here, or reached nobody, counts
/// nothing. The one object that counting a call makes.
/// </summary>
/// <param name="meter">Whose call it is.</param>
/// <param name="prediction">How it is counted; null for one that runs no model.</param>
/// <param name="kind">Which sides stream.</param>
/// <param name="record">What the log says of the request; null when it is no request's.</param>
internal sealed class MeteredCall(CallMeter meter, PredictionPlan? prediction, RpcKind kind, RequestRecord? record) : IMeteredCall
{
    private readonly long _began = kind == RpcKind.Unary || prediction is null ? 0 : meter.Telemetry.Models.Begin();
    private ModelUsage? _model;
    private BudgetReservation _reservation;
    private long _askedBytes; // what went, and is not counted yet
    private int _askedInputs;
    private bool _hasAsked;
    private bool _isCounted; // as a request
    private bool _hasStream;
    private long _responseBytes = -1;
    private OutputTokens _tokens;

    public CallRefusal? Ask(in ReadOnlySequence<byte> request)
    {
        var inputs = meter.Read(prediction, request, out var model);
        _model ??= model;
        var refusal = EnterStream() ?? Reserve(inputs, request.Length) ?? meter.TakeInputs(inputs);
        if (refusal is null)
        {
            _hasAsked = true;
            _askedInputs += inputs;
            _askedBytes += request.Length;
        }

        return refusal;
    }

    public void Answer(Payload message)
    {
        var tokens = prediction?.ReadTokens(message.Span) ?? default;

        // Each message of a stream tells the tokens that it has written, and may repeat what is known of the prompt.
        var more = new OutputTokens(
            Math.Max(0, tokens.Prompt - _tokens.Prompt), tokens.Completion, Math.Max(0, tokens.Cached - _tokens.Cached));
        _tokens = new OutputTokens(_tokens.Prompt + more.Prompt, _tokens.Completion + more.Completion, _tokens.Cached + more.Cached);
        var isFirst = _responseBytes < 0;
        _responseBytes = Math.Max(0, _responseBytes) + message.Length;
        var isThere = (StatusCode)message.Status.Code is StatusCode.Zero or StatusCode.Success or StatusCode.MixedStatus;
        Use(message.Length, more, isThere);
        if (isFirst)
        {
            Tell(message, isThere);
        }
    }

    public void Complete(in CallOutcome outcome)
    {
        // A two-way call asks when it has had its turn; that it ends without a word then tells nothing, but is no sign that it did not go.
        var hasGone = !outcome.IsUnprocessed && (kind == RpcKind.DuplexStreaming || !outcome.TellsNothing);
        if (hasGone && (_askedBytes > 0 || (_hasAsked && !_isCounted)))
        {
            Use(0, default, isThere: false);
        }

        if (_model is { } model)
        {
            meter.Tenant.End(model, _responseBytes, _tokens, ref _reservation);
            meter.Telemetry.Models.NoteTokens(model.Name, _tokens.Prompt, _tokens.Completion);
        }

        if (outcome.Code == GrpcStatusCode.Unauthenticated)
        {
            meter.Telemetry.Credentials.NoteRefusal(meter.Tenant.Name);
        }

        if (_hasStream)
        {
            meter.LeaveStream();
        }
    }

    // A model that has not answered yet may be none.
    private void Tell(Payload message, bool isThere)
    {
        if ((StatusCode)message.Status.Code is StatusCode.ConnCredentialsInvalid or StatusCode.ConnKeyInvalid or StatusCode.ConnKeyNotFound)
        {
            meter.Telemetry.Credentials.NoteRefusal(meter.Tenant.Name);
        }

        if (isThere && prediction is not null)
        {
            meter.Telemetry.Models.NoteFirstChunk(_model!.Name, _began);
            record?.Model = _model!.Name;
        }
    }

    private CallRefusal? EnterStream()
    {
        if (kind == RpcKind.Unary || _hasStream)
        {
            return null;
        }

        var refusal = meter.EnterStream();
        _hasStream = refusal is null;
        return refusal;
    }

    private CallRefusal? Reserve(int inputs, long bytes)
    {
        var needs = default(MeasureValues);
        needs[(int)UsageMeasure.Inputs] = inputs;
        needs[(int)UsageMeasure.Bytes] = bytes;
        var wants = needs;
        if (!_hasAsked)
        {
            needs[(int)UsageMeasure.Requests] = wants[(int)UsageMeasure.Requests] = 1;
            Expect(ref needs, ref wants);
        }

        return meter.Tenant.Reserve(needs, wants, ref _reservation);
    }

    // What the request does not tell is guessed. A guess is no reason to refuse: that is only that nothing is left.
    private void Expect(ref MeasureValues needs, ref MeasureValues wants)
    {
        var estimate = _model!.Estimate;
        wants[(int)UsageMeasure.Bytes] += estimate.ResponseBytes;
        if (prediction is not null)
        {
            Expect(UsageMeasure.PromptTokens, estimate.PromptTokens, ref needs, ref wants);
            Expect(UsageMeasure.CompletionTokens, estimate.CompletionTokens, ref needs, ref wants);
            Expect(UsageMeasure.CachedTokens, estimate.CachedTokens, ref needs, ref wants);
        }
    }

    private static void Expect(UsageMeasure measure, long amount, ref MeasureValues needs, ref MeasureValues wants)
    {
        needs[(int)measure] = Math.Min(amount, 1);
        wants[(int)measure] = amount;
    }

    private void Use(int responseBytes, in OutputTokens tokens, bool isThere)
    {
        var amounts = new UsageAmounts(
            _isCounted ? 0 : 1, _askedInputs, _askedBytes, responseBytes, tokens.Prompt, tokens.Completion, tokens.Cached);
        _isCounted = true;
        _askedInputs = 0;
        _askedBytes = 0;

        // A two-way call may be answered before it has asked.
        _model = meter.Tenant.Use(_model ?? meter.NoModel, isThere, amounts, ref _reservation);
    }
}
