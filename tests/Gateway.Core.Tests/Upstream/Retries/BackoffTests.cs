using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream.Retries;

namespace Gateway.Core.Tests.Upstream.Retries;

public sealed class BackoffTests
{
    [Fact]
    public void Bound_DoublesUpToTheLongest()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), new FixedRandom(1));

        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(1, 5).Select(retry => backoff.Before(retry).TotalSeconds));
    }

    [Fact]
    public void Wait_AfterManyRetries_IsTheLongest()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), new FixedRandom(1));

        Assert.Equal(TimeSpan.FromSeconds(5), backoff.Before(int.MaxValue));
    }

    [Fact]
    public void Wait_IsAnywhereBelowItsBound()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), new Random(7));

        var waits = Enumerable.Range(0, 1000).Select(_ => backoff.Before(1).TotalSeconds).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, 0, 1));
        Assert.InRange(waits.Average(), 0.4, 0.6);
        Assert.InRange(waits.Min(), 0, 0.1);
        Assert.InRange(waits.Max(), 0.9, 1);
    }
}
