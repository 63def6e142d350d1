using Gateway.Api.Configuration;
using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>
/// A tenant's budgets of one month: a call may go when what all replicas have used, used here, set aside here and held by others leave
/// room for it. Guarded by its <see cref="TenantUsage"/>.
/// </summary>
/// <param name="tenant">The tenant's name.</param>
/// <param name="month">The first day of the month, UTC.</param>
internal sealed class MonthBudgets(string tenant, DateOnly month)
{
    // Far from where sums would overflow.
    private const long Unlimited = long.MaxValue / 2;
    private const long MostOfOthers = Unlimited / 4;

    private MeasureValues _limits;
    private MeasureValues _settled; // in the sink
    private MeasureValues _used; // here, and not known to be in the sink
    private MeasureValues _sent; // of these, on their way to the sink
    private MeasureValues _open; // set aside by calls that run
    private MeasureValues _others; // held by others
    private MeasureValues _taken; // set aside or used since the last claim

    /// <summary>The first day of the month.</summary>
    public DateOnly Month => month;

    /// <summary>Puts limits in force; what was used and set aside counts on.</summary>
    public void Configure(BudgetOptions budgets)
    {
        for (var measure = 0; measure < MeasureValues.Count; measure++)
        {
            _limits[measure] = LimitOf(budgets, (UsageMeasure)measure) ?? Unlimited;
        }
    }

    /// <summary>Sets amounts aside, all or none.</summary>
    /// <param name="needs">What has to be there.</param>
    /// <param name="wants">What to set aside, as far as it is there; not less than is needed.</param>
    /// <param name="reserved">Gets more by it.</param>
    /// <param name="shortage">Of what there is not enough.</param>
    /// <returns>Whether there is enough of everything.</returns>
    public bool TryReserve(in MeasureValues needs, in MeasureValues wants, ref MeasureValues reserved, out UsageMeasure shortage)
    {
        for (var measure = 0; measure < MeasureValues.Count; measure++)
        {
            if (needs[measure] > 0 && Left(measure) < needs[measure])
            {
                shortage = (UsageMeasure)measure;
                return false;
            }
        }

        for (var measure = 0; measure < MeasureValues.Count; measure++)
        {
            var amount = Math.Clamp(Left(measure), needs[measure], wants[measure]);
            _open[measure] += amount;
            _taken[measure] += amount;
            reserved[measure] += amount;
        }

        shortage = default;
        return true;
    }

    /// <summary>Counts what was used, out of what was set aside for it as far as that goes.</summary>
    public void Use(in MeasureValues amounts, ref MeasureValues reserved)
    {
        for (var measure = 0; measure < MeasureValues.Count; measure++)
        {
            var amount = amounts[measure];
            var covered = Math.Min(reserved[measure], amount);
            reserved[measure] -= covered;
            _open[measure] -= covered;
            _used[measure] += amount;
            _taken[measure] += amount - covered;
        }
    }

    /// <summary>Gives back what was set aside and not used.</summary>
    public void Release(ref MeasureValues reserved)
    {
        for (var measure = 0; measure < MeasureValues.Count; measure++)
        {
            _open[measure] -= reserved[measure];
            reserved[measure] = 0;
        }
    }

    /// <summary>What was used here is on its way to the sink.</summary>
    public void Send() => _sent = _used;

    /// <summary>What was on its way is there.</summary>
    public void Arrive()
    {
        for (var measure = 0; measure < MeasureValues.Count; measure++)
        {
            _used[measure] -= _sent[measure];
            _settled[measure] += _sent[measure];
        }

        _sent = default;
    }

    /// <summary>Takes what the sink says of a budget.</summary>
    public void Learn(in BudgetState state)
    {
        var measure = (int)state.Budget.Measure;
        _settled[measure] = Math.Min(state.Used, MostOfOthers);
        _others[measure] = Math.Min(state.HeldByOthers, MostOfOthers);
    }

    /// <summary>
    /// Claims the budgets that have limits: what the calls that run have set aside, and, so that other replicas leave it alone, twice what
    /// went since the last claim. Those that nothing happens to here are claimed as well, to hear how they stand.
    /// </summary>
    /// <param name="claims">Gets the claims.</param>
    public void Claim(List<BudgetClaim> claims)
    {
        for (var measure = 0; measure < MeasureValues.Count; measure++)
        {
            if (_limits[measure] < Unlimited)
            {
                var held = _open[measure] + _used[measure] - _sent[measure];
                var budget = new BudgetKey(tenant, month, (UsageMeasure)measure);
                claims.Add(new BudgetClaim(budget, _limits[measure], held, held + (2 * _taken[measure])));
            }
        }

        _taken = default;
    }

    /// <summary>How the budgets stand that have limits.</summary>
    public IReadOnlyList<BudgetLevel> Levels() =>
    [
        .. Enum.GetValues<UsageMeasure>()
            .Where(measure => LimitOf(measure) < Unlimited)
            .Select(measure => new BudgetLevel(tenant, measure, LimitOf(measure) - LeftOf(measure), LimitOf(measure))),
    ];

    /// <summary>The limit of a measure.</summary>
    public long LimitOf(UsageMeasure measure) => _limits[(int)measure];

    /// <summary>
    /// What is neither used nor set aside, here or elsewhere; below zero when the limit was lowered, or calls took more than theirs.
    /// </summary>
    public long LeftOf(UsageMeasure measure) => Left((int)measure);

    /// <summary>Whether calls that run here may give some of it back.</summary>
    public bool HasOpen(UsageMeasure measure) => _open[(int)measure] > 0;

    private static long? LimitOf(BudgetOptions budgets, UsageMeasure measure) => measure switch
    {
        UsageMeasure.Requests => budgets.Requests,
        UsageMeasure.Inputs => budgets.Inputs,
        UsageMeasure.Bytes => budgets.Bytes,
        UsageMeasure.PromptTokens => budgets.PromptTokens,
        UsageMeasure.CompletionTokens => budgets.CompletionTokens,
        _ => budgets.CachedTokens,
    };

    private long Left(int measure) => _limits[measure] - _settled[measure] - _others[measure] - _used[measure] - _open[measure];
}
