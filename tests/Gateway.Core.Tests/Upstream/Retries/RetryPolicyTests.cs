using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream.Retries;

namespace Gateway.Core.Tests.Upstream.Retries;

public sealed class RetryPolicyTests
{
    private static readonly RetryOptions Options = new()
    {
        MaxAttempts = 3,
        InitialBackoff = TimeSpan.FromSeconds(1),
        MaxBackoff = TimeSpan.FromSeconds(5),
        LoadingTimeout = TimeSpan.FromSeconds(30),
        Budget = 10,
    };

    private readonly RetryPolicy _policy = new(Options, new FixedRandom(1));

    [Fact]
    public void Unavailable_IsRetriedUpToTheMostAttempts() =>
        Assert.Equal([1, 2, null], new[] { Unavailable(1), Unavailable(2), Unavailable(3) });

    [Fact]
    public void Loading_IsRetriedUntilItsTimeIsUp()
    {
        Assert.Equal(5, Loading(attempts: 9, elapsed: 24.9));
        Assert.Null(Loading(attempts: 9, elapsed: 25));
    }

    [Fact]
    public void Loading_WithoutTime_IsNotRetried()
    {
        var policy = new RetryPolicy(Options with { LoadingTimeout = TimeSpan.Zero }, new FixedRandom(0));

        Assert.Null(policy.WaitAfter(RetryCause.Loading, 1, TimeSpan.Zero, default));
    }

    [Fact]
    public void Pushback_IsWaitedFor()
    {
        Assert.Equal(3.5, Unavailable(1, pushback: 3.5));
        Assert.Equal(12, Loading(attempts: 1, elapsed: 0, pushback: 12));
    }

    [Fact]
    public void Pushback_LongerThanTheLimit_EndsTheCall()
    {
        Assert.Null(Unavailable(1, pushback: 5.001));
        Assert.Null(Loading(attempts: 1, elapsed: 10, pushback: 20));
    }

    [Fact]
    public void Pushback_Final_EndsTheCall() =>
        Assert.Null(_policy.WaitAfter(RetryCause.Unavailable, 1, TimeSpan.Zero, new Pushback(null, IsFinal: true)));

    [Fact]
    public void Budget_Spent_EndsEveryCallUntilSuccessesRestoreIt()
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.NotNull(Unavailable(1));
        }

        Assert.Null(Unavailable(1));
        Assert.Null(Loading(attempts: 1, elapsed: 0));

        for (var i = 0; i < 11; i++)
        {
            _policy.Succeeded();
        }

        Assert.NotNull(Unavailable(1));
    }

    [Fact]
    public void Loading_TakesNothingFromTheBudget()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.NotNull(Loading(attempts: 1, elapsed: 0));
        }
    }

    private double? Unavailable(int attempts, double? pushback = null) =>
        _policy.WaitAfter(RetryCause.Unavailable, attempts, TimeSpan.FromHours(1), Said(pushback))?.TotalSeconds;

    private double? Loading(int attempts, double elapsed, double? pushback = null) =>
        _policy.WaitAfter(RetryCause.Loading, attempts, TimeSpan.FromSeconds(elapsed), Said(pushback))?.TotalSeconds;

    private static Pushback Said(double? seconds) => seconds is { } delay ? new Pushback(TimeSpan.FromSeconds(delay)) : default;
}
