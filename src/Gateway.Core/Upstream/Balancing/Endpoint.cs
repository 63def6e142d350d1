using Gateway.Grpc;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Upstream.Balancing;

/// <summary>One address of an upstream: its channel, and what calls found out about it. Thread-safe.</summary>
internal sealed partial class Endpoint(GrpcChannel channel, EndpointHealth health, ILogger logger)
{
    /// <summary>The channel to the address; not owned.</summary>
    public GrpcChannel Channel => channel;

    /// <summary>Whether the address may be used.</summary>
    public EndpointHealth Health => health;

    /// <summary>
    /// Notes how a call ended, or that it brought a message. Whatever the upstream answers shows that it can be reached; a call that
    /// this side cut short shows nothing.
    /// </summary>
    public void Report(in GrpcStatus status)
    {
        if (status.IsConnectionFailure)
        {
            if (health.Failed() is { } ejection)
            {
                LogEjected(channel.Address, ejection.TotalSeconds, status.Message);
            }
        }
        else if (status.Code is not (GrpcStatusCode.Cancelled or GrpcStatusCode.DeadlineExceeded) && health.Reached())
        {
            LogReturned(channel.Address);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Upstream address {Address} is left out for {Seconds} s, then tried again: {Reason}")]
    private partial void LogEjected(Uri address, double seconds, string reason);

    [LoggerMessage(LogLevel.Information, "Upstream address {Address} is back")]
    private partial void LogReturned(Uri address);
}
