using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Api.Configuration;
using Gateway.Core.Upstream;
using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>
/// What a tenant uses, and has left of its budgets. Lasts while its settings change. Thread-safe: one lock that is held for a few
/// additions, and never while anything waits.
/// </summary>
/// <param name="name">The tenant's name.</param>
/// <param name="time">The clock.</param>
internal sealed class TenantUsage(string name, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, KeyUsage> _keys = new();
    private readonly Lock _gate = new();
    private readonly List<ModelUsage> _changed = [];
    private readonly List<UsageRecord> _past = []; // of days that are over
    private BudgetOptions _options = new();
    private MonthBudgets _budgets = new(name, default);
    private DateOnly _day;
    private long _dayEnds; // in UTC ticks

    /// <summary>The tenant's name.</summary>
    public string Name => name;

    /// <summary>What is used with one of its keys.</summary>
    /// <param name="key">The key's name; empty for none.</param>
    public KeyUsage Of(string key) => _keys.GetOrAdd(key, static name => new KeyUsage(name));

    /// <summary>Puts other budgets in force, at once.</summary>
    public void Configure(BudgetOptions budgets)
    {
        lock (_gate)
        {
            _options = budgets;
            _budgets.Configure(budgets);
        }
    }

    /// <summary>Sets aside what a call is about to use.</summary>
    /// <param name="needs">What it surely uses.</param>
    /// <param name="wants">What it is likely to use.</param>
    /// <param name="reservation">What it has set aside; gets more.</param>
    /// <returns>Why it may not; null when it may.</returns>
    public CallRefusal? Reserve(in MeasureValues needs, in MeasureValues wants, ref BudgetReservation reservation)
    {
        lock (_gate)
        {
            TurnPages();
            Adopt(ref reservation);
            return _budgets.TryReserve(needs, wants, ref reservation.Amounts, out var shortage)
                ? null
                : BudgetRefusals.Of(name, _budgets, shortage, time.GetUtcNow());
        }
    }

    /// <summary>Counts what a call has used so far and was not counted yet.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isThere">Whether there surely is such a model.</param>
    /// <param name="amounts">What was used.</param>
    /// <param name="reservation">What the call has set aside.</param>
    /// <returns>The model by which it was counted.</returns>
    public ModelUsage Use(ModelUsage model, bool isThere, in UsageAmounts amounts, ref BudgetReservation reservation)
    {
        lock (_gate)
        {
            TurnPages();
            Adopt(ref reservation);
            var counted = model.Key.Resolve(model, isThere);
            counted.LastDay = _day;
            if (counted.Add(amounts))
            {
                _changed.Add(counted);
            }

            _budgets.Use(MeasureValues.Of(amounts), ref reservation.Amounts);
            return counted;
        }
    }

    /// <summary>A call is over: what it set aside and did not use is there again.</summary>
    /// <param name="model">The model.</param>
    /// <param name="responseBytes">The length of its answer; below zero when it had none, which tells nothing of other calls.</param>
    /// <param name="tokens">The tokens that the answer told.</param>
    /// <param name="reservation">What it had set aside.</param>
    public void End(ModelUsage model, long responseBytes, in OutputTokens tokens, ref BudgetReservation reservation)
    {
        lock (_gate)
        {
            TurnPages();
            Adopt(ref reservation);
            _budgets.Release(ref reservation.Amounts);
            if (responseBytes >= 0)
            {
                model.Estimate.Learn(responseBytes, tokens);
            }
        }
    }

    /// <summary>How the tenant's budgets of this month stand; those without a limit are left out.</summary>
    public IReadOnlyList<BudgetLevel> Levels()
    {
        lock (_gate)
        {
            TurnPages();
            return _budgets.Levels();
        }
    }

    /// <summary>Hands on what was used since the last time: it is on its way to the sink until <see cref="Arrive"/>.</summary>
    public void Send(List<UsageRecord> records)
    {
        lock (_gate)
        {
            TurnPages();
            records.AddRange(_past);
            _past.Clear();
            TakeChanged(records);
            _budgets.Send();
        }
    }

    /// <summary>Claims budgets, as <see cref="MonthBudgets.Claim"/> does.</summary>
    public void Claim(List<BudgetClaim> claims)
    {
        lock (_gate)
        {
            TurnPages();
            _budgets.Claim(claims);
        }
    }

    /// <summary>What was on its way is in the sink, which tells how budgets stand.</summary>
    public void Arrive(ImmutableArray<BudgetState> states)
    {
        lock (_gate)
        {
            _budgets.Arrive();
            foreach (var state in states)
            {
                if (state.Budget.Tenant == name && state.Budget.Month == _budgets.Month)
                {
                    _budgets.Learn(state);
                }
            }
        }
    }

    // What was set aside in another month is of budgets that are gone.
    private void Adopt(ref BudgetReservation reservation)
    {
        if (reservation.Month != _budgets.Month)
        {
            reservation = new BudgetReservation { Month = _budgets.Month };
        }
    }

    private void TurnPages()
    {
        var now = time.GetUtcNow();
        if (now.Ticks < _dayEnds)
        {
            return;
        }

        TakeChanged(_past);
        foreach (var (_, key) in _keys)
        {
            key.Forget(_day);
        }

        _day = DateOnly.FromDateTime(now.UtcDateTime);
        _dayEnds = now.Date.AddDays(1).Ticks;
        var month = new DateOnly(_day.Year, _day.Month, 1);
        if (month != _budgets.Month)
        {
            _budgets = new MonthBudgets(name, month);
            _budgets.Configure(_options);
        }
    }

    private void TakeChanged(List<UsageRecord> records)
    {
        foreach (var model in _changed)
        {
            records.Add(model.Take(name));
        }

        _changed.Clear();
    }
}
