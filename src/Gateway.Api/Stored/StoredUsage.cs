using Gateway.Api.Usage;
using Gateway.Store;
using Gateway.Store.Usage;

namespace Gateway.Api.Stored;

/// <summary>
/// Where usage goes when there is a store: the sums of days and months, what replicas hold of budgets, and the day on which each key was
/// used last. One caller at a time.
/// </summary>
internal sealed class StoredUsage(TenantStoreAccess access, StoredKeys keys) : IUsageSink
{
    private readonly Dictionary<Guid, DateOnly> _noted = [];

    public async Task<UsageExchange> ExchangeAsync(UsageBatch batch, CancellationToken cancellationToken)
    {
        var store = access.Store ?? throw new StoreException(StoreFault.Unreachable, "The store was not open yet.");
        var exchange = await store.Usage.ExchangeAsync(batch, cancellationToken);
        await NoteUsedAsync(store, batch, cancellationToken);
        return exchange;
    }

    // Once a day for each key and replica. Where it fails, the next use tells.
    private async Task NoteUsedAsync(GatewayStore store, UsageBatch batch, CancellationToken cancellationToken)
    {
        var used = new Dictionary<Guid, DateOnly>();
        foreach (var record in batch.Records)
        {
            if (keys.Find(record.Tenant, record.Key) is { } key && !(_noted.TryGetValue(key, out var noted) && noted >= record.Day))
            {
                used[key] = record.Day;
            }
        }

        if (used.Count == 0)
        {
            return;
        }

        try
        {
            await store.Definitions.Keys.NoteUsedAsync(used, cancellationToken);
            foreach (var (key, day) in used)
            {
                _noted[key] = day;
            }
        }
        catch (StoreException)
        {
            // The usage itself has arrived.
        }
    }
}
