using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Credentials;
using Gateway.Testing;

namespace Gateway.Core.Tests.Upstream.Credentials;

/// <summary>Several pools, as those of several tenants, that have one token.</summary>
public sealed class AccountPacesTests
{
    private static readonly Pat Token = new("secret-of-all");
    private static readonly Pat Next = new("secret-of-tomorrow");

    private readonly ManualTimeProvider _clock = new();
    private readonly AccountPaces _paces;

    public AccountPacesTests() => _paces = new AccountPaces(_clock);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(100, 100)]
    public void Account_IsCalledAtItsPace_WhoeverUsesItsToken(int most, int mostOfOther)
    {
        using var one = Pool(15);
        using var other = Pool(15);
        var turns = new List<double>();
        var taken = new int[2];
        var waiting = new int[2];
        var now = 0.0;
        for (; now < 60; now += 0.001)
        {
            Fill(one, 0, most);
            Fill(other, 1, mostOfOther);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        for (var i = 15; i < turns.Count; i++)
        {
            Assert.True(turns[i] - turns[i - 15] >= 1, $"16 calls in {turns[i] - turns[i - 15]} s at {turns[i]}");
        }

        Assert.InRange(turns.Count, 14 * 60, 15 * 60);
        Assert.All(taken, count => Assert.InRange(count, 7 * 60, 7.5 * 60 + 5));

        void Fill(CredentialPool pool, int index, int count)
        {
            for (; waiting[index] < count; waiting[index]++)
            {
                pool.Admit(new Waiter(() =>
                {
                    turns.Add(now);
                    taken[index]++;
                    waiting[index]--;
                }));
            }
        }
    }

    [Fact]
    public async Task Pool_WithALongQueue_KeepsNoOtherWaiting_ForMoreThanATurn()
    {
        using var one = Pool(10);
        using var other = Pool(10, new CredentialPoolOptions { MaxWait = TimeSpan.FromMilliseconds(300) });
        one.Exhaust();
        for (var i = 0; i < 100; i++)
        {
            one.Admit(new Waiter(() => { }));
        }

        Assert.False(other.TryTake(out _));
        var turn = other.TakeAsync(null, default).AsTask();
        for (var i = 0; i < 300; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.NotNull((await turn).Credential);
    }

    [Fact]
    public void Pace_IsTheSlowestThatIsSaid_AsLongAsItIs()
    {
        using var one = Pool(20);
        var bucket = one.Buckets[0].Value;
        var fast = bucket.Rate;
        var other = Pool(10);

        Assert.Same(bucket, other.Buckets[0].Value);
        Assert.Equal(fast / 2, bucket.Rate, 6);
        one.Change([new PatPace("", Token, 5)], new CredentialPoolOptions());
        Assert.Equal(fast / 4, bucket.Rate, 6);
        one.Change([new PatPace("", Token, 20)], new CredentialPoolOptions());
        Assert.Equal(fast / 2, bucket.Rate, 6);
        other.Dispose();
        Assert.Equal(fast, bucket.Rate, 6);
    }

    [Fact]
    public async Task Wait_OfAPoolThatEnds_HoldsNobodyUp()
    {
        var one = Pool(10);
        using var other = Pool(10);
        one.Exhaust();
        var first = one.TakeAsync(null, default).AsTask();
        var second = other.TakeAsync(null, default).AsTask();

        one.Dispose();
        Assert.NotNull((await first).Refusal);
        Assert.Equal(1, other.Buckets[0].Value.TakeDemand() - 2); // two turns were taken, and one waits
        _clock.Advance(TimeSpan.FromMilliseconds(102));

        Assert.NotNull((await second).Credential);
    }

    [Fact]
    public void Token_ThatIsReplaced_LeavesItsPaceToOthers_AndJoinsThatOfTheNewOne()
    {
        using var one = Pool(10);
        using var other = Pool(10);
        var bucket = one.Buckets[0].Value;

        one.Change([new PatPace("", Next, 10)], new CredentialPoolOptions());
        Assert.NotSame(bucket, one.Buckets[0].Value);
        Assert.Same(bucket, other.Buckets[0].Value);
        other.Change([new PatPace("", Next, 10)], new CredentialPoolOptions());

        Assert.Same(one.Buckets[0].Value, other.Buckets[0].Value);
    }

    private CredentialPool Pool(double pace, CredentialPoolOptions? options = null) => new(
        [new PatPace("", Token, pace)],
        options ?? new CredentialPoolOptions { MaxWait = TimeSpan.FromHours(1), MaxWaiting = int.MaxValue },
        _clock,
        _paces);

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
