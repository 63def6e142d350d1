using Gateway.Core.Upstream.Retries;

namespace Gateway.Core.Tests.Upstream.Retries;

/// <summary>gRFC A6, "Throttling Retry Attempts and Hedged RPCs": no retries at or below half of the tokens.</summary>
public sealed class RetryBudgetTests
{
    [Fact]
    public void Budget_HalfTaken_IsSpent()
    {
        var budget = new RetryBudget(10);
        Take(budget, 4);
        Assert.False(budget.IsSpent);

        Take(budget, 1);

        Assert.True(budget.IsSpent);
    }

    [Fact]
    public void Success_GivesATenthBack()
    {
        var budget = new RetryBudget(10);
        Take(budget, 6);

        Restore(budget, 10);
        Assert.True(budget.IsSpent);

        Restore(budget, 1);
        Assert.False(budget.IsSpent);
    }

    [Fact]
    public void Budget_NeverBelowZero_ComesBackAfterHalf()
    {
        var budget = new RetryBudget(10);
        Take(budget, 1000);

        Restore(budget, 50);
        Assert.True(budget.IsSpent);

        Restore(budget, 1);
        Assert.False(budget.IsSpent);
    }

    [Fact]
    public void Budget_NeverAboveFull_IsSpentAfterHalf()
    {
        var budget = new RetryBudget(10);
        Restore(budget, 1000);

        Take(budget, 5);

        Assert.True(budget.IsSpent);
    }

    [Fact]
    public void Budget_UsedByManyThreads_LosesNothing()
    {
        var budget = new RetryBudget(1000);
        Parallel.For(0, 4, _ =>
        {
            Take(budget, 100);
            Restore(budget, 900);
        });

        // 1000 - 400 + 360 = 960 tokens: 459 more leave 501, 460 leave half.
        Take(budget, 459);
        Assert.False(budget.IsSpent);
        Take(budget, 1);
        Assert.True(budget.IsSpent);
    }

    private static void Take(RetryBudget budget, int times)
    {
        for (var i = 0; i < times; i++)
        {
            budget.Take();
        }
    }

    private static void Restore(RetryBudget budget, int times)
    {
        for (var i = 0; i < times; i++)
        {
            budget.Restore();
        }
    }
}
