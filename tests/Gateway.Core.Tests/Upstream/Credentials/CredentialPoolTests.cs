using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Credentials;
using Gateway.Testing;

namespace Gateway.Core.Tests.Upstream.Credentials;

public sealed class CredentialPoolTests
{
    private static readonly Pat[] Pats = [.. Enumerable.Range(0, 3).Select(i => new Pat($"secret-of-{i}"))];

    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData(15)]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(2.5)]
    [InlineData(200)]
    public void Account_ThatCountsEachSecond_IsNeverCalledMoreOften(double perSecond)
    {
        // The account counts in seconds of its own, calls that come up to 20 ms later or earlier than others; and so strictly that any second counts.
        var random = new Random(3);
        using var pool = Pool([perSecond], new CredentialPoolOptions { MaxWait = TimeSpan.FromHours(1), MaxWaiting = int.MaxValue });
        var turns = new List<double>();
        var now = 0.0;
        const double end = 60;
        for (; now < end; now += 0.001)
        {
            // Rests, trickles and floods.
            var load = (int)now % 10 < 3 ? 0 : (int)now % 10 < 6 ? perSecond * 0.7 : perSecond * 3;
            if (random.NextDouble() < load / 1000)
            {
                pool.Admit(new Waiter(() => turns.Add(now)));
            }

            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var arrivals = turns.ConvertAll(turn => turn + random.NextDouble() * 0.019);
        arrivals.Sort();
        var limit = (int)Math.Max(1, perSecond);
        var window = limit / perSecond * 1.02 - 0.02; // of whole numbers, a second
        for (var i = limit; i < arrivals.Count; i++)
        {
            Assert.True(arrivals[i] - arrivals[i - limit] >= window - 1e-6, $"{limit + 1} calls in {arrivals[i] - arrivals[i - limit]} s at {arrivals[i]}");
        }

        Assert.True(turns.Count > 0.65 * perSecond * end);
    }

    [Fact]
    public void Queue_ThatIsLong_IsServedEvenly_AtThePace()
    {
        using var pool = Pool([15]);
        var turns = new List<double>();
        var now = 0.0;
        for (var i = 0; i < 100; i++)
        {
            pool.Admit(new Waiter(() => turns.Add(now)));
        }

        for (; now < 8; now += 0.001)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(100, turns.Count);
        Assert.Equal([0, 0, 0], turns.Take(3));
        Assert.All(turns.Skip(17).Zip(turns.Skip(18)), pair => Assert.InRange(pair.Second - pair.First, 0.06, 0.08));
        Assert.InRange(turns[^1], 6, 7.2);
    }

    [Fact]
    public void Turns_GoToThoseThatCameFirst_AndNobodyPassesThem()
    {
        using var pool = Pool([10]);
        var order = new List<int>();
        pool.Exhaust();
        for (var i = 0; i < 20; i++)
        {
            var number = i;
            pool.Admit(new Waiter(() => order.Add(number)));
        }

        while (order.Count < 20)
        {
            Assert.False(pool.TryTake(out _));
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(Enumerable.Range(0, 20), order);
    }

    [Fact]
    public void Several_AreUsedAlike_AndTheirPacesAddUp()
    {
        using var pool = Pool([10, 10, 10]);
        var taken = new Dictionary<Pat, int>();
        for (var i = 0; i < 10_000; i++)
        {
            if (pool.TryTake(out var pat))
            {
                taken[pat] = taken.GetValueOrDefault(pat) + 1;
            }

            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(3, taken.Count);
        Assert.All(taken.Values, count => Assert.InRange(count, 96, 101));
    }

    [Fact]
    public async Task Wait_IsOverWithTheTurn()
    {
        using var pool = Pool([10]);
        pool.Exhaust();

        var waiting = pool.TakeAsync(null, default).AsTask();
        Assert.Equal((false, 1), (waiting.IsCompleted, pool.Waiting));
        _clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Same(Pats[0], (await waiting).Credential);
        Assert.Equal(0, pool.Waiting);
    }

    [Fact]
    public async Task Wait_ThatWouldBeTooLong_IsRefusedAtOnce_AndSaysWhenToComeBack()
    {
        using var pool = Pool([10], new CredentialPoolOptions { MaxWait = TimeSpan.FromSeconds(2) });
        pool.Exhaust();
        var waiting = Enumerable.Range(0, 40).Select(_ => pool.TakeAsync(null, default)).ToArray();

        var refused = waiting.Where(turn => turn.IsCompletedSuccessfully).Select(turn => turn.AsTask().GetAwaiter().GetResult()).ToArray();
        var impatient = await pool.TakeAsync(TimeSpan.FromSeconds(1), default);

        Assert.InRange(refused.Length, 19, 22);
        Assert.All([impatient, .. refused], turn => Assert.Contains("takes 10 requests per second", turn.Refusal!.Reason, StringComparison.Ordinal));
        Assert.Contains("within 2 s", refused[0].Refusal!.Reason, StringComparison.Ordinal);
        Assert.InRange(impatient.Refusal!.RetryAfter, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task Queue_ThatIsFull_RefusesMore()
    {
        using var pool = Pool([10], new CredentialPoolOptions { MaxWaiting = 2 });
        pool.Exhaust();

        _ = pool.TakeAsync(null, default).AsTask();
        _ = pool.TakeAsync(null, default).AsTask();

        Assert.NotNull((await pool.TakeAsync(null, default)).Refusal);
    }

    [Fact]
    public async Task Wait_WhoseTurnNeverComes_Ends()
    {
        using var pool = Pool([10]);
        pool.Exhaust();
        pool.Buckets[0].Value.BeginLease(0, TimeSpan.FromSeconds(1)); // and no grant ever comes

        var waiting = pool.TakeAsync(null, default).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.NotNull((await waiting).Refusal);
    }

    [Fact]
    public async Task Client_ThatLeaves_IsOutOfTheQueue_FromAnyPlace()
    {
        using var pool = Pool([10]);
        pool.Exhaust();
        var callers = Enumerable.Range(0, 5).Select(_ => new CancellationTokenSource()).ToArray();
        var waiting = callers.Select(caller => pool.TakeAsync(null, caller.Token).AsTask()).ToArray();

        foreach (var place in (int[])[2, 0, 4])
        {
            await callers[place].CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting[place]);
        }

        Assert.Equal(2, pool.Waiting);
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.NotNull((await waiting[1]).Credential);
        Assert.NotNull((await waiting[3]).Credential);
    }

    [Fact]
    public async Task Pat_ThatIsReplaced_GoesOnWithItsPace_AndWhatWaitsGetsTheNewOne()
    {
        using var pool = Pool([10]);
        pool.Exhaust();
        var waiting = pool.TakeAsync(null, default).AsTask();

        pool.Change([new PatPace("0", Pats[1], 10)], new CredentialPoolOptions());
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Same(Pats[1], (await waiting).Credential);
    }

    [Fact]
    public async Task Pat_ThatIsAdded_ServesWhatWaits()
    {
        using var pool = Pool([10]);
        pool.Exhaust();
        var waiting = pool.TakeAsync(null, default).AsTask();

        pool.Change([new PatPace("0", Pats[0], 10), new PatPace("1", Pats[1], 10)], new CredentialPoolOptions());

        Assert.Same(Pats[1], (await waiting).Credential);
    }

    [Fact]
    public async Task Disposal_RefusesWhatWaits()
    {
        var pool = Pool([10]);
        pool.Exhaust();
        var waiting = pool.TakeAsync(null, default).AsTask();

        pool.Dispose();

        Assert.NotNull((await waiting).Refusal);
        Assert.NotNull((await pool.TakeAsync(null, default)).Refusal);
    }

    [Fact]
    public async Task Grant_ServesWhatWaits_AndTheWaitIsDemand()
    {
        using var pool = Pool([10]);
        pool.Exhaust();
        var bucket = pool.Buckets[0].Value;
        bucket.BeginLease(0, TimeSpan.FromSeconds(1));
        bucket.TakeDemand();
        _clock.Advance(TimeSpan.FromSeconds(2));
        var first = pool.TakeAsync(null, default).AsTask();
        var second = pool.TakeAsync(null, default).AsTask();

        Assert.Equal(2, bucket.TakeDemand());
        bucket.Grant(1);

        Assert.NotNull((await first).Credential);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public void FreeTurn_AllocatesNothing()
    {
        using var pool = Pool([1_000_000, 1_000_000]);
        pool.TryTake(out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(pool.TryTake(out _));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private CredentialPool Pool(double[] paces, CredentialPoolOptions? options = null) =>
        new([.. paces.Select((pace, i) => new PatPace(i.ToString(), Pats[i], pace))], options ?? new CredentialPoolOptions(), _clock);

    /// <summary>Notes its turn at once, on the clock's thread.</summary>
    private sealed class Waiter(Action served) : TurnWaiter
    {
        public override void Take(CredentialTurn turn)
        {
            if (turn.Credential is not null)
            {
                served();
            }
        }
    }
}
