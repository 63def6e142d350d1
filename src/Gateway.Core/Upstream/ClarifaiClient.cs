using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using Clarifai.Api;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Batching;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Credentials;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Upstream.Retries;
using Grpc.Core;
using Status = Clarifai.Api.Status.Status;
using StatusCode = Clarifai.Api.Status.StatusCode;

namespace Gateway.Core.Upstream;

/// <summary>
/// The Clarifai API on behalf of one tenant: payload calls for any RPC, and typed calls for the RPCs that the gateway's own
/// code makes. Made by <see cref="ClarifaiClientFactory"/>.
/// </summary>
public readonly struct ClarifaiClient
{
    private readonly UpstreamCluster _upstream;
    private readonly ICredentialSource? _credentials;
    private readonly ICallMeter? _meter;

    internal ClarifaiClient(UpstreamCluster upstream, ICredentialSource? credentials, ICallMeter? meter)
    {
        _upstream = upstream;
        _credentials = credentials;
        _meter = meter;
    }

    /// <summary>Calls a unary RPC with the bytes of its request, and again where that may help and time allows.</summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="request">The request message; it stays the caller's, untouched until the task completes.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The outcome of the last attempt, to be disposed; it is where failures are.</returns>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    public ValueTask<UnaryResult<Payload>> CallAsync(RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call) =>
        _meter is null ? SendAsync(rpc, request, call) : MeterAsync(_meter.Begin(rpc, call), rpc, request, call);

    /// <summary>
    /// Opens a server-streaming RPC with the bytes of its request. The first read makes the call, and again where that may help and
    /// time allows.
    /// </summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="request">The request message; it stays the caller's, untouched until the first read, or the disposal,
    /// completes.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The stream, to be disposed; disposing it early resets it.</returns>
    public UpstreamStream Stream(RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call) =>
        new(this, _upstream, rpc, request, call);

    /// <summary>
    /// Opens an RPC that streams both ways, as soon as it has its turn; reading and writing wait for that. It is made once: what was
    /// written cannot be written again.
    /// </summary>
    /// <param name="rpc">The RPC.</param>
    /// <param name="call">Who asks, and for how long.</param>
    /// <returns>The stream, to be disposed; disposing it early resets it.</returns>
    public UpstreamDuplex Duplex(RpcPlan rpc, UpstreamCall call) => new(this, _upstream, rpc, call);

    /// <summary>Asks what a status code means: the cheapest call of the API that needs no credential.</summary>
    public Task<UnaryResult<SingleStatusCodeResponse>> GetStatusCodeAsync(GetStatusCodeRequest request, UpstreamCall call) =>
        CallAsync(
            nameof(V2.V2Client.GetStatusCode),
            call,
            (client, options) => client.GetStatusCodeAsync(request, options),
            response => response.Status);

    /// <summary>Asks for a model and its latest version.</summary>
    public Task<UnaryResult<SingleModelResponse>> GetModelAsync(GetModelRequest request, UpstreamCall call) =>
        CallAsync(
            nameof(V2.V2Client.GetModel),
            call,
            (client, options) => client.GetModelAsync(request, options),
            response => response.Status);

    /// <summary>Asks for the models of an app.</summary>
    public Task<UnaryResult<MultiModelResponse>> ListModelsAsync(ListModelsRequest request, UpstreamCall call) =>
        CallAsync(
            nameof(V2.V2Client.ListModels),
            call,
            (client, options) => client.ListModelsAsync(request, options),
            response => response.Status);

    /// <summary>Asks for a version of a model.</summary>
    public Task<UnaryResult<SingleModelVersionResponse>> GetModelVersionAsync(GetModelVersionRequest request, UpstreamCall call) =>
        CallAsync(
            nameof(V2.V2Client.GetModelVersion),
            call,
            (client, options) => client.GetModelVersionAsync(request, options),
            response => response.Status);

    /// <summary>Runs a model on inputs.</summary>
    public Task<UnaryResult<MultiOutputResponse>> PostModelOutputsAsync(PostModelOutputsRequest request, UpstreamCall call) =>
        CallAsync(
            nameof(V2.V2Client.PostModelOutputs),
            call,
            (client, options) => client.PostModelOutputsAsync(request, options),
            response => response.Status);

    /// <summary>Is told of calls whose messages are bytes; null for nobody.</summary>
    internal ICallMeter? Meter => _meter;

    /// <summary>Where calls go.</summary>
    internal UpstreamCluster Upstream => _upstream;

    /// <summary>Takes the turn of the attempt to come, and waits for it where that has to be.</summary>
    /// <param name="attempts">The attempts of the call.</param>
    /// <param name="call">The caller's own token.</param>
    /// <param name="operation">That of what it waits with.</param>
    /// <param name="disposal">Fires when the call is given up, which ends the wait without an exception.</param>
    /// <exception cref="OperationCanceledException">One of the first two tokens fired.</exception>
    internal ValueTask<CredentialTurn> TakeTurnAsync(
        ref Attempts attempts, CancellationToken call, CancellationToken operation = default, CancellationToken disposal = default)
    {
        Pat? credential = null;
        if (_credentials is null || _credentials.TryTake(out credential))
        {
            return new ValueTask<CredentialTurn>(new CredentialTurn(credential));
        }

        attempts.NoteWaited();
        return WaitForTurnAsync(_credentials, attempts, isAgain: false, call, operation, disposal);
    }

    /// <summary>The name of an RPC with its service.</summary>
    internal static string MethodOf(string rpc) => $"clarifai.api.V2/{rpc}"; // asking the generated code would compile every descriptor

    /// <summary>What an attempt says besides its message.</summary>
    /// <param name="call">The call.</param>
    /// <param name="attempt">The attempt's number, from 1.</param>
    /// <param name="credential">What it is made with; null for nothing.</param>
    internal static Metadata Metadata(in UpstreamCall call, int attempt, Pat? credential)
    {
        var metadata = new Metadata();
        foreach (var entry in credential?.Metadata ?? [])
        {
            metadata.Add(entry);
        }

        if (call.RequestId is { } requestId)
        {
            metadata.Add("x-request-id", requestId);
        }

        if (attempt > 1)
        {
            // gRFC A6, "Exposed Retry Metadata"
            metadata.Add("grpc-previous-rpc-attempts", (attempt - 1).ToString(CultureInfo.InvariantCulture));
        }

        for (var i = 0; i < call.Metadata?.Count; i++)
        {
            metadata.Add(call.Metadata[i]);
        }

        return metadata;
    }

    /// <summary>Makes a call whose first attempt has its turn, and again where that may help and time allows. It is not metered.</summary>
    /// <exception cref="OperationCanceledException">The caller's own token fired.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<UnaryResult<Payload>> AttemptAsync(
        RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call, Attempts attempts, CredentialTurn turn)
    {
        while (turn.Refusal is null)
        {
            var channel = attempts.Begin().Channel;
            var result = await channel.UnaryAsync(rpc, request, attempts.Call, Metadata(call, attempts.Count, turn.Credential));
            var code = (StatusCode)(result.Message?.Status.Code ?? 0);
            if (attempts.End(result, code) is not { } wait)
            {
                result.Hide(turn.Credential, code);
                return result;
            }

            result.Dispose();
            await attempts.WaitAsync(wait, call.CancellationToken);
            turn = attempts.KeepsTurn ? turn : await TakeTurnAsync(ref attempts, call.CancellationToken);
        }

        return UnaryResult<Payload>.Refused(turn.Refusal);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<UnaryResult<Payload>> MeterAsync(
        IMeteredCall metered, RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call)
    {
        var outcome = CallFailures.CancelledByCaller;
        try
        {
            var result = metered.Ask(request) is { } refusal
                ? UnaryResult<Payload>.Refused(refusal)
                : await SendAsync(rpc, request, call);
            outcome = result.Outcome;
            if (result.Message is { } message)
            {
                metered.Answer(message);
            }

            return result;
        }
        finally
        {
            metered.Complete(outcome);
        }
    }

    private ValueTask<UnaryResult<Payload>> SendAsync(RpcPlan rpc, ReadOnlySequence<byte> request, in UpstreamCall call)
    {
        var attempts = new Attempts(_upstream, call);
        Pat? credential = null;
        return _credentials is null || _credentials.TryTake(out credential)
            ? AttemptAsync(rpc, request, call, attempts, new CredentialTurn(credential))
            : WaitAndAttemptAsync(_credentials, rpc, request, call, attempts);
    }

    // Those that have to wait may travel together.
    private async ValueTask<UnaryResult<Payload>> WaitAndAttemptAsync(
        ICredentialSource credentials, RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call, Attempts attempts)
    {
        attempts.NoteWaited();
        var arrival = credentials is CredentialPool { Batcher: { } batcher }
            ? await JoinAsync(batcher, rpc, request, call, attempts.TimeLeft)
            : null;
        if (arrival is { Result: { } result })
        {
            return result;
        }

        var turn = arrival?.Turn
            ?? await WaitForTurnAsync(credentials, attempts, isAgain: arrival is not null, call.CancellationToken);
        return await AttemptAsync(rpc, request, call, attempts, turn);
    }

    private async ValueTask<BatchArrival?> JoinAsync(
        RequestBatcher batcher, RpcPlan rpc, ReadOnlySequence<byte> request, UpstreamCall call, TimeSpan? timeLeft)
    {
        call.Waits?.BeginWait();
        try
        {
            return await batcher.JoinAsync(this, rpc, request, call, timeLeft);
        }
        finally
        {
            call.Waits?.EndWait();
        }
    }

    private async Task<UnaryResult<TResponse>> CallAsync<TResponse>(
        string rpc, UpstreamCall call, Func<V2.V2Client, CallOptions, AsyncUnaryCall<TResponse>> send, Func<TResponse, Status?> statusOf)
        where TResponse : class
    {
        var attempts = new Attempts(_upstream, call);
        var turn = await TakeTurnAsync(ref attempts, call.CancellationToken);
        while (turn.Refusal is null)
        {
            var channel = attempts.Begin().Channel;
            var result = await channel.UnaryAsync(
                MethodOf(rpc), attempts.Call, Metadata(call, attempts.Count, turn.Credential), send);
            var code = result.Message is { } message ? statusOf(message)?.Code ?? 0 : 0;
            if (attempts.End(result, code) is not { } wait)
            {
                result.Hide(turn.Credential, code);
                return result;
            }

            await attempts.WaitAsync(wait, call.CancellationToken);
            turn = attempts.KeepsTurn ? turn : await TakeTurnAsync(ref attempts, call.CancellationToken);
        }

        return UnaryResult<TResponse>.Refused(turn.Refusal);
    }

    private async ValueTask<CredentialTurn> WaitForTurnAsync(
        ICredentialSource credentials,
        Attempts attempts,
        bool isAgain,
        CancellationToken call,
        CancellationToken operation = default,
        CancellationToken disposal = default)
    {
        var timeLeft = attempts.TimeLeft;
        using var expiry = _upstream.ExpiryOf(timeLeft);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(
            call, operation, disposal, _upstream.Shutdown, expiry?.Token ?? default);
        attempts.Waits?.BeginWait();
        try
        {
            return isAgain && credentials is CredentialPool pool
                ? await pool.TakeAgainAsync(any.Token)
                : await credentials.TakeAsync(timeLeft, any.Token);
        }
        catch (OperationCanceledException)
        {
            call.ThrowIfCancellationRequested();
            operation.ThrowIfCancellationRequested();
            return new CredentialTurn(
                disposal.IsCancellationRequested ? CallRefusal.Disposed
                : _upstream.Shutdown.IsCancellationRequested ? CallRefusal.ShuttingDown
                : CallRefusal.NoTimeLeft);
        }
        finally
        {
            attempts.Waits?.EndWait();
        }
    }
}
