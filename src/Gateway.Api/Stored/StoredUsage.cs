using Gateway.Api.Usage;
using Gateway.Store;
using Gateway.Store.Usage;

namespace Gateway.Api.Stored;

/// <summary>Where usage goes when there is a store: the sums of days and months, and what replicas hold of budgets.</summary>
internal sealed class StoredUsage(TenantStoreAccess access) : IUsageSink
{
    public Task<UsageExchange> ExchangeAsync(UsageBatch batch, CancellationToken cancellationToken) =>
        access.Store is { } store
            ? store.Usage.ExchangeAsync(batch, cancellationToken)
            : throw new StoreException(StoreFault.Unreachable, "The store was not open yet.");
}
