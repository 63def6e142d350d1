using Gateway.Core.Upstream.Credentials;
using Gateway.Testing;

namespace Gateway.Core.Tests.Upstream.Credentials;

public sealed class TokenBucketTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Full_GivesItsBurst_ThenItsRate()
    {
        var bucket = new TokenBucket(rate: 10, burst: 3, _clock);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(1, out var _)));
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(bucket.TryTake(1, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(1), RoundedToMilliseconds(wait));
        _clock.Advance(wait);
        Assert.Equal((true, false), (bucket.TryTake(1, out _), bucket.TryTake(1, out _)));
    }

    [Fact]
    public void AnyTime_AdmitsNoMoreThanBurstAndRate()
    {
        var random = new Random(1);
        const double rate = 15, burst = 4;
        var bucket = new TokenBucket(rate, burst, _clock);
        var admitted = new List<(double At, long Cost)>();
        for (var at = 0.0; at < 60;)
        {
            var step = random.NextDouble() * (random.Next(20) == 0 ? 1 : 0.05);
            _clock.Advance(TimeSpan.FromSeconds(step));
            at = _clock.GetElapsedTime(0).TotalSeconds;
            var cost = random.Next(1, 4);
            if (bucket.TryTake(cost, out _))
            {
                admitted.Add((at, cost));
            }
        }

        for (var from = 0; from < admitted.Count; from++)
        {
            long sum = 0;
            for (var to = from; to < admitted.Count; to++)
            {
                sum += admitted[to].Cost;
                Assert.True(sum <= burst + rate * (admitted[to].At - admitted[from].At) + 1e-3);
            }
        }

        Assert.True(admitted.Sum(take => take.Cost) > 0.5 * rate * 60);
    }

    [Fact]
    public void Wait_IsAsLongAsItSays_ForEveryRate()
    {
        var random = new Random(2);
        for (var i = 0; i < 1000; i++)
        {
            var bucket = new TokenBucket(random.NextDouble() * 1000 + 0.01, 5, _clock);
            bucket.TryTake(random.Next(1, 50), out _);
            var cost = random.Next(1, 50);
            var wait = bucket.WaitFor(cost);
            if (wait > TimeSpan.FromMilliseconds(1))
            {
                _clock.Advance(wait - TimeSpan.FromMilliseconds(1));
                Assert.False(bucket.TryTake(cost, out wait));
            }

            _clock.Advance(wait);
            Assert.True(bucket.TryTake(cost, out _));
        }
    }

    [Fact]
    public void CostOverTheBurst_IsAdmittedWhenFull_AndMakesADebt()
    {
        var bucket = new TokenBucket(rate: 10, burst: 5, _clock);

        Assert.True(bucket.TryTake(1, out _));
        Assert.False(bucket.TryTake(25, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(100), RoundedToMilliseconds(wait));
        _clock.Advance(wait);
        Assert.True(bucket.TryTake(25, out _));

        Assert.Equal(0, bucket.Remaining);
        Assert.Equal(TimeSpan.FromSeconds(2.1), RoundedToMilliseconds(bucket.WaitFor(1)));
    }

    [Fact]
    public void Return_GivesBack_UpToTheBurst()
    {
        var bucket = new TokenBucket(rate: 1, burst: 5, _clock);
        bucket.TryTake(3, out _);

        bucket.Return(2);
        Assert.Equal(4, bucket.Remaining);
        bucket.Return(100);
        Assert.Equal(5, bucket.Remaining);
    }

    [Fact]
    public void Change_CountsFromNowOn_AndKeepsADebt()
    {
        var bucket = new TokenBucket(rate: 1, burst: 10, _clock);
        bucket.TryTake(14, out _);
        _clock.Advance(TimeSpan.FromSeconds(1));

        bucket.Change(rate: 100, burst: 2);

        Assert.Equal((0, TimeSpan.FromMilliseconds(40)), (bucket.Remaining, RoundedToMilliseconds(bucket.WaitFor(1))));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, bucket.Remaining);
    }

    [Fact]
    public void Leased_HasWhatIsGranted_AndSaysWhatIsWanted()
    {
        var bucket = new TokenBucket(rate: 100, burst: 10, _clock);
        bucket.BeginLease(fallbackRate: 0, TimeSpan.FromSeconds(2));
        bucket.TakeUnused();

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(bucket.TryTake(3, out _));
        Assert.Equal((3, 0), (bucket.TakeDemand(), bucket.TakeDemand()));
        bucket.Grant(20);
        Assert.Equal(20, bucket.Remaining);
        Assert.True(bucket.TryTake(3, out _));
        bucket.AddBacklog(4);
        Assert.Equal((7, 4), (bucket.TakeDemand(), bucket.TakeDemand()));
        Assert.Equal((17, 0), (bucket.TakeUnused(), bucket.Remaining));
    }

    [Fact]
    public void Leased_WithoutGrants_FallsBackToItsOwnRate_UntilTheNextGrant()
    {
        var bucket = new TokenBucket(rate: 100, burst: 10, _clock);
        bucket.BeginLease(fallbackRate: 5, TimeSpan.FromSeconds(2));
        bucket.TakeUnused();

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, bucket.Remaining);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, bucket.Remaining);
        bucket.Grant(0);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(5, bucket.Remaining);

        bucket.EndLease();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, bucket.Remaining);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, 0.5)]
    public void Limits_ThatLetNothingThrough_AreRefused(double rate, double burst) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(rate, burst, _clock));

    [Fact]
    public async Task ManyThreads_TakeNoMoreThanThereIs()
    {
        var bucket = new TokenBucket(rate: 1, burst: 10_000, _clock);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 5000).Count(_ => bucket.TryTake(1, out var _)))));

        Assert.Equal(10_000, taken.Sum());
    }

    private static TimeSpan RoundedToMilliseconds(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds));
}
