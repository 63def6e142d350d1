using System.Diagnostics;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;

namespace Gateway.Core.Upstream.Batching;

/// <summary>One client's request in a <see cref="Batch"/>, and how that client learns what came of it. Thread-safe.</summary>
/// <param name="request">The request, which changes hands.</param>
/// <param name="call">Who asks.</param>
/// <param name="timeLeft">How long the client still waits; null for as long as it takes.</param>
/// <param name="upstream">Whose clock counts.</param>
internal sealed class BatchMember(BatchRequest request, UpstreamCall call, TimeSpan? timeLeft, UpstreamCluster upstream)
{
    private readonly long _came = upstream.Time.GetTimestamp();
    private readonly TaskCompletionSource<BatchArrival> _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private CancellationToken _leaving;
    private Task<bool>? _taking;
    private bool _left;

    /// <summary>The request.</summary>
    public BatchRequest Request => request;

    /// <summary>Who asks.</summary>
    public UpstreamCall Call => call;

    /// <summary>The span of the client's request; null when it is not traced.</summary>
    public Activity? Activity { get; } = Activity.Current;

    /// <summary>How long the client still waits; null for as long as it takes.</summary>
    public TimeSpan? TimeLeft => timeLeft - upstream.Time.GetElapsedTime(_came);

    /// <summary>Tells what came of it.</summary>
    /// <returns>False when the client has left: then a result stays the caller's.</returns>
    public bool TryArrive(BatchArrival arrival) => _arrival.TrySetResult(arrival);

    /// <summary>Tells that the gateway itself failed.</summary>
    public void Fail(Exception exception) => _arrival.TrySetException(exception);

    /// <summary>Counts a part of the common answer as the client's, unless it has left.</summary>
    /// <returns>False when there is no room for it.</returns>
    public Task<bool> TakeMemoryAsync(long bytes)
    {
        lock (_gate)
        {
            return _left || call.Memory is not { } memory
                ? Task.FromResult(true)
                : _taking = memory.TakeAsync(bytes, _leaving).AsTask();
        }
    }

    /// <summary>Waits for what comes of it; leaves the batch when the client does, its time is over, or this side shuts down.</summary>
    /// <param name="batch">Where it waits.</param>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async ValueTask<BatchArrival> ArriveAsync(Batch batch)
    {
        using var expiry = upstream.ExpiryOf(timeLeft);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(
            call.CancellationToken, upstream.Shutdown, expiry?.Token ?? default);
        lock (_gate)
        {
            _leaving = any.Token;
        }

        using var registration = any.Token.UnsafeRegister(
            static member => ((BatchMember)member!)._arrival.TrySetCanceled(CancellationToken.None), this);
        try
        {
            return await _arrival.Task;
        }
        catch (OperationCanceledException)
        {
            var wasSent = !batch.TryLeave(this);
            await StopTakingAsync();
            call.CancellationToken.ThrowIfCancellationRequested();
            return new BatchArrival(UnaryResult<Payload>.Of(OutcomeOfLeaving(wasSent)), null);
        }
    }

    private CallOutcome OutcomeOfLeaving(bool wasSent)
    {
        if (upstream.Shutdown.IsCancellationRequested)
        {
            return CallFailures.ShuttingDown;
        }

        return wasSent && call.Timeout is { } timeout ? CallFailures.DeadlineExceeded(timeout) : CallFailures.NoTimeLeft;
    }

    // What the client holds of the memory is given back when its request ends, and must not grow after that.
    private async ValueTask StopTakingAsync()
    {
        Task? taking;
        lock (_gate)
        {
            _left = true;
            taking = _taking;
        }

        await (taking ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
