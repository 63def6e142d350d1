using Gateway.Core.Upstream.Balancing;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Retries;
using Gateway.Core.Upstream.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Upstream;

/// <summary>
/// One upstream at several addresses, with what calls have found out about each, shared by all tenants. Thread-safe.
/// </summary>
public sealed partial class UpstreamCluster
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(int.MaxValue);

    private readonly EndpointGroup[] _groups;
    private readonly ILogger _logger;

    /// <summary>Makes an upstream; nothing is connected yet.</summary>
    /// <param name="options">Its addresses, and how they are used.</param>
    /// <param name="channels">Where its channels come from.</param>
    /// <param name="logger">Told which addresses are left out and when they are back, and at debug level of retries.</param>
    public UpstreamCluster(UpstreamClusterOptions options, UpstreamChannels channels, ILogger logger)
    {
        Time = options.TimeProvider;
        Retries = new RetryPolicy(options.Retry, options.Random);
        _logger = logger;
        _groups = [.. options.Groups.Select(group => new EndpointGroup([.. group.Select(ToEndpoint)]))];

        Endpoint ToEndpoint(Uri address) =>
            new(channels.Get(address), new EndpointHealth(options.Ejection, Time), options.Patience, logger);
    }

    /// <summary>How many addresses there are.</summary>
    public int Addresses => _groups.Sum(group => group.Endpoints.Count);

    /// <summary>How many of them are left out because calls failed to reach them.</summary>
    public int EjectedAddresses => _groups.Sum(group => group.Endpoints.Count(endpoint => endpoint.Health.IsEjected));

    /// <summary>What is measured of calls.</summary>
    internal UpstreamTelemetry Telemetry => _groups[0].Endpoints[0].Channel.Telemetry;

    internal TimeProvider Time { get; }

    internal RetryPolicy Retries { get; }

    /// <summary>Fires when this side shuts down.</summary>
    internal CancellationToken Shutdown => _groups[0].Endpoints[0].Channel.Shutdown;

    /// <summary>Fires when that time is over; null when that is too far away, or never.</summary>
    internal CancellationTokenSource? ExpiryOf(TimeSpan? timeLeft) =>
        timeLeft is { } left && left < LongestTimer ? new CancellationTokenSource(left, Time) : null;

    /// <summary>The addresses, as people read them.</summary>
    public override string ToString() =>
        string.Join("; else ", _groups.Select(group => string.Join(", ", group.Endpoints.Select(endpoint => endpoint.Channel.Address))));

    /// <summary>
    /// Chooses the address of a call and admits the call to it: a usable one of the first group that has any, rather one that the call has
    /// not tried. Where none is usable, the one whose ejection ends first: it is the likeliest to be back.
    /// </summary>
    /// <param name="tried">The addresses where the call has failed; null for none.</param>
    internal Endpoint Pick(List<Endpoint>? tried) =>
        TryPick(tried) ?? TryPick(null) ?? SoonestBack(tried) ?? SoonestBack(null)!;

    /// <summary>Whether any address is usable that the call has not tried.</summary>
    internal bool HasUsable(List<Endpoint> tried)
    {
        foreach (var group in _groups)
        {
            foreach (var endpoint in group.Endpoints)
            {
                if (endpoint.Health.IsUsable && !tried.Contains(endpoint))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private Endpoint? TryPick(List<Endpoint>? tried)
    {
        foreach (var group in _groups)
        {
            if (group.TryPick(tried) is { } endpoint)
            {
                return endpoint;
            }
        }

        return null;
    }

    private Endpoint? SoonestBack(List<Endpoint>? tried)
    {
        Endpoint? soonest = null;
        foreach (var group in _groups)
        {
            foreach (var endpoint in group.Endpoints)
            {
                if (tried?.Contains(endpoint) != true && (soonest is null || endpoint.Health.ProbeAt < soonest.Health.ProbeAt))
                {
                    soonest = endpoint;
                }
            }
        }

        return soonest;
    }

    [LoggerMessage(LogLevel.Debug, "Request {RequestId} travels with others as {BatchId}: {Calls} calls, {Inputs} inputs")]
    internal partial void LogBatch(string? requestId, string batchId, int calls, int inputs);

    [LoggerMessage(LogLevel.Debug, "The calls that travelled as {BatchId} are made again one by one: {Reason}")]
    internal partial void LogSplit(string batchId, string reason);

    [LoggerMessage(LogLevel.Debug, "Request {RequestId} is tried again in {Milliseconds:0} ms: {Cause} at {Address}")]
    internal partial void LogRetry(string? requestId, RetryCause cause, Uri address, double milliseconds);
}
