using System.Globalization;
using Gateway.Api.Admission;
using Gateway.Core.Upstream;
using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>What a client is told whose tenant's budget has no room for its call.</summary>
internal static class BudgetRefusals
{
    /// <summary>The refusal: which budget it is, and when it starts anew.</summary>
    public static CallRefusal Of(string tenant, MonthBudgets budgets, UsageMeasure measure, DateTimeOffset now)
    {
        var next = budgets.Month.AddMonths(1);
        var left = Math.Max(0, budgets.LeftOf(measure));
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"Tenant {tenant} has {left} of its monthly budget of {budgets.LimitOf(measure)} {MeasureText.Of(measure)} left; "
            + $"it starts anew on {next:yyyy-MM-dd}.");
        var untilNext = next.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - now.UtcDateTime;

        // Calls that run give back what they set aside and do not use.
        return new CallRefusal(text, budgets.HasOpen(measure) ? AccountLimits.Soon : untilNext);
    }
}
