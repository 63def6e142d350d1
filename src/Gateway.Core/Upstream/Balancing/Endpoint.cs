using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Upstream.Balancing;

/// <summary>One address of an upstream: its channel, and what calls found out about it. Thread-safe.</summary>
internal sealed partial class Endpoint(UpstreamChannel channel, EndpointHealth health, ILogger logger)
{
    /// <summary>The channel to the address.</summary>
    public UpstreamChannel Channel => channel;

    /// <summary>Whether the address may be used.</summary>
    public EndpointHealth Health => health;

    /// <summary>
    /// Notes how a call ended, or that it brought a message. Whatever the upstream answers shows that it can be reached; a call that
    /// this side cut short shows nothing.
    /// </summary>
    public void Report(in CallOutcome outcome)
    {
        if (outcome.IsConnectionFailure)
        {
            if (health.Failed() is { } ejection)
            {
                LogEjected(channel.Address, ejection.TotalSeconds, outcome.Message);
            }
        }
        else if (outcome.Code is not (StatusCode.Cancelled or StatusCode.DeadlineExceeded) && health.Reached())
        {
            LogReturned(channel.Address);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Upstream address {Address} is left out for {Seconds} s, then tried again: {Reason}")]
    private partial void LogEjected(Uri address, double seconds, string reason);

    [LoggerMessage(LogLevel.Information, "Upstream address {Address} is back")]
    private partial void LogReturned(Uri address);
}
