using Gateway.Store;
using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>Where usage goes, and what knows how budgets stand for all replicas.</summary>
internal interface IUsageSink
{
    /// <summary>Counts a batch once, however often it comes, and tells how the budgets stand that it claims.</summary>
    /// <exception cref="StoreException">It could not be done, or nobody knows whether it was: the batch is to come again.</exception>
    Task<UsageExchange> ExchangeAsync(UsageBatch batch, CancellationToken cancellationToken);
}
