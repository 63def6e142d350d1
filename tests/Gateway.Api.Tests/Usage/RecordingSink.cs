using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Api.Usage;
using Gateway.Store;
using Gateway.Store.Usage;

namespace Gateway.Api.Tests.Usage;

/// <summary>Keeps what it is brought, and fails when a test says so: before it has taken a batch, or behind that.</summary>
internal sealed class RecordingSink : IUsageSink
{
    private readonly ConcurrentDictionary<(string Replica, long Sequence), UsageBatch> _batches = new();

    /// <summary>What is thrown before anything is taken.</summary>
    public bool FailsBefore { get; set; }

    /// <summary>What is thrown once all is taken: nobody hears that it is.</summary>
    public bool FailsBehind { get; set; }

    /// <summary>Every batch as it came first.</summary>
    public ICollection<UsageBatch> Batches => _batches.Values;

    /// <summary>What was used, by model.</summary>
    public IReadOnlyDictionary<string, UsageAmounts> ByModel => Batches.SelectMany(batch => batch.Records).GroupBy(record => record.Model)
        .ToDictionary(group => group.Key, group => group.Aggregate(default(UsageAmounts), (sum, record) => sum + record.Amounts));

    public Task<UsageExchange> ExchangeAsync(UsageBatch batch, CancellationToken cancellationToken)
    {
        Fail(FailsBefore);
        var isNew = _batches.TryAdd((batch.Replica, batch.Sequence), batch);
        Assert.True(isNew || _batches[(batch.Replica, batch.Sequence)].Records.SequenceEqual(batch.Records), "A batch came again, and was another.");
        Fail(FailsBehind);
        var used = Batches.SelectMany(known => known.Records).Aggregate(default(UsageAmounts), (sum, record) => sum + record.Amounts);
        ImmutableArray<BudgetState> states = [.. batch.Claims.Select(claim => new BudgetState(claim.Budget, used[claim.Budget.Measure], 0, claim.Wanted))];
        return Task.FromResult(new UsageExchange(isNew, states));
    }

    private static void Fail(bool fails)
    {
        if (fails)
        {
            throw new StoreException(StoreFault.Unreachable, "Nobody is there.");
        }
    }
}
