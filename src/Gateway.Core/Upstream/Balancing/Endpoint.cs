using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Upstream.Balancing;

/// <summary>One address of an upstream: its channel, and what calls found out about it. Thread-safe.</summary>
internal sealed partial class Endpoint(UpstreamChannel channel, EndpointHealth health, TimeSpan? patience, ILogger logger)
{
    /// <summary>The channel to the address.</summary>
    public UpstreamChannel Channel => channel;

    /// <summary>Whether the address may be used.</summary>
    public EndpointHealth Health => health;

    /// <summary>
    /// Notes how a call ended, or that it brought a message. What the upstream answers shows that it works, unless it says otherwise
    /// itself; a call that was cancelled, or had little time, shows nothing.
    /// </summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="timeout">The time that it had; null for as long as it took.</param>
    public void Report(in CallOutcome outcome, TimeSpan? timeout)
    {
        if (outcome.IsConnectionFailure)
        {
            NoteEjection(health.Failed(), outcome.Cause is { } cause ? $"{outcome.Message}: {cause}" : outcome.Message);
        }
        else if (IsFault(outcome, timeout))
        {
            NoteEjection(health.Faulted(), $"calls end with {outcome.Code}"); // not with the upstream's own words
        }
        else if (outcome.Code is not (StatusCode.Cancelled or StatusCode.DeadlineExceeded) && health.Worked())
        {
            LogReturned(channel.Address);
        }
    }

    private bool IsFault(in CallOutcome outcome, TimeSpan? timeout) => outcome.Code switch
    {
        StatusCode.Internal or StatusCode.Unknown => true,
        StatusCode.DeadlineExceeded => patience is not null && !(timeout < patience) && !outcome.TellsNothing,
        _ => outcome.IsHttpServerError,
    };

    private void NoteEjection(TimeSpan? ejection, string reason)
    {
        if (ejection is { } time)
        {
            LogEjected(channel.Address, time.TotalSeconds, reason);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Upstream address {Address} is left out for {Seconds} s, then tried again: {Reason}")]
    private partial void LogEjected(Uri address, double seconds, string reason);

    [LoggerMessage(LogLevel.Information, "Upstream address {Address} is back")]
    private partial void LogReturned(Uri address);
}
