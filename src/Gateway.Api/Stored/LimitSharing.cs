using Gateway.Api.Admission;
using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Gateway.Store;
using Gateway.Store.Sharing;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Stored;

/// <summary>
/// Makes one limit of those that each replica has, where there are several: tokens come from the store, a few times a second for all limits
/// together. A store in a file is one process's, whose limits are its own.
/// </summary>
internal sealed partial class LimitSharing(
    TenantStoreAccess access,
    TenantAccounts accounts,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<LimitSharing> logger) : BackgroundService
{
    // Shorter than what the store's bucket holds is made in, and two replicas ask no more than ten times a second.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // After two answers that did not come, and what a slow one may take.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, SharedLimit> _limits = [];
    private volatile bool _isDown;

    /// <summary>Whether limits are shared at present; null where they never are.</summary>
    public bool? IsSharing => SharesEver ? !_isDown && access.Store is not null : null;

    private bool SharesEver => access.IsInUse && options.Value.Store.ConnectionString is not null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!SharesEver)
        {
            return;
        }

        var store = await access.OpenedAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        var answered = time.GetTimestamp();
        do
        {
            FindLimits();
            var now = time.GetTimestamp();
            if (await TryShareAsync(store, time.GetElapsedTime(answered, now), stoppingToken))
            {
                answered = now;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Limits come and go with the settings. What several tenants share, as a token, is one limit.
    private void FindLimits()
    {
        var found = new HashSet<string>();
        foreach (var (name, bucket) in accounts.Buckets)
        {
            if (found.Add(name) && (!_limits.TryGetValue(name, out var known) || !known.Is(bucket)))
            {
                _limits[name] = new SharedLimit(name, bucket, Patience);
            }
        }

        foreach (var name in _limits.Keys.Except(found).ToList())
        {
            _limits.Remove(name);
        }
    }

    private async Task<bool> TryShareAsync(GatewayStore store, TimeSpan elapsed, CancellationToken stoppingToken)
    {
        var requests = new List<LeaseRequest>();
        foreach (var limit in _limits.Values)
        {
            if (limit.Ask() is var tokens and not 0)
            {
                requests.Add(new LeaseRequest(limit.Name, limit.Rate, limit.Capacity, tokens));
            }
        }

        if (requests.Count == 0)
        {
            return true;
        }

        try
        {
            foreach (var (name, tokens) in await store.Leases.TakeAsync(requests, stoppingToken))
            {
                _limits[name].Take(tokens, elapsed);
            }
        }
        catch (StoreException failure)
        {
            if (!_isDown)
            {
                LogDown(failure.Message);
            }

            _isDown = true;
            return false;
        }

        _isDown = false;
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "{Reason} Limits hold for each replica by itself until the store answers")]
    private partial void LogDown(string reason);
}
