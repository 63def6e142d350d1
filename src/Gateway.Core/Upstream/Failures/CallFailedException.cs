namespace Gateway.Core.Upstream.Failures;

/// <summary>Carries through the gRPC client how a call failed, found out where more is known than the client tells.</summary>
/// <param name="outcome">How it failed.</param>
internal sealed class CallFailedException(CallOutcome outcome) : HttpRequestException(outcome.Message)
{
    /// <summary>How the call failed.</summary>
    public CallOutcome Outcome { get; } = outcome;
}
