using Clarifai.Api.Status;
using Gateway.Core.Upstream.Failures;
using GrpcStatusCode = Grpc.Core.StatusCode;

namespace Gateway.Core.Upstream.Retries;

/// <summary>Decides whether and when an attempt is followed by another one; keeps the upstream's budget. Thread-safe.</summary>
internal sealed class RetryPolicy(RetryOptions options, Random random)
{
    private readonly RetryBudget _budget = new(options.Budget);
    private readonly Backoff _backoff = new(options.InitialBackoff, options.MaxBackoff, random);

    /// <summary>What an attempt came back with, as far as retries go.</summary>
    /// <param name="outcome">How the call ended; OK when it goes on after its first message.</param>
    /// <param name="code">What the answer, or the first of a stream, says; 0 for nothing.</param>
    public static RetryCause CauseOf(in CallOutcome outcome, StatusCode code)
    {
        if (!outcome.IsOK)
        {
            return outcome.Code == GrpcStatusCode.Unavailable && !outcome.IsShutdown ? RetryCause.Unavailable : RetryCause.None;
        }

        return code is StatusCode.ModelDeploying or StatusCode.ModelBusyPleaseRetry or StatusCode.ModelLoading
            ? RetryCause.Loading
            : RetryCause.None;
    }

    /// <summary>Notes an attempt that succeeded.</summary>
    public void Succeeded() => _budget.Restore();

    /// <summary>The wait before the next attempt; null when there is to be none.</summary>
    /// <param name="cause">Why there may be one.</param>
    /// <param name="attempts">How many attempts of the call have ended so, this one included.</param>
    /// <param name="elapsed">The time since the call began.</param>
    /// <param name="pushback">What the upstream said.</param>
    public TimeSpan? WaitAfter(RetryCause cause, int attempts, TimeSpan elapsed, Pushback pushback)
    {
        if (cause == RetryCause.Unavailable)
        {
            _budget.Take();
        }

        if (pushback.IsFinal || _budget.IsSpent)
        {
            return null;
        }

        var wait = pushback.Delay ?? _backoff.Before(attempts);
        var isAllowed = cause == RetryCause.Loading
            ? elapsed + wait < options.LoadingTimeout
            : attempts < options.MaxAttempts && wait <= options.MaxBackoff;
        return isAllowed ? wait : null;
    }
}
