using Gateway.Core.Upstream.Balancing;
using Gateway.Testing;

namespace Gateway.Core.Tests.Upstream.Balancing;

public sealed class EndpointHealthTests
{
    private static readonly TimeSpan Base = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly EndpointHealth _health;

    public EndpointHealthTests() => _health = new EndpointHealth(new EjectionOptions { Failures = 3, Faults = 4, BaseTime = Base, MaxTime = Base * 3 }, _clock);

    [Fact]
    public void Failures_FewerThanTheLimitInARow_KeepItInUse()
    {
        Assert.Null(_health.Failed());
        Assert.Null(_health.Failed());
        Assert.False(_health.Worked());
        Assert.Null(_health.Failed());
        Assert.Null(_health.Failed());

        Assert.True(_health.TryUse());
        Assert.False(_health.IsEjected);
    }

    [Fact]
    public void Failures_AsManyAsTheLimit_EjectForTheBaseTime()
    {
        Assert.Equal(Base, Eject());

        _clock.Advance(Base - Instant);
        Assert.False(_health.IsUsable);
        Assert.False(_health.TryUse());

        _clock.Advance(Instant);
        Assert.True(_health.IsUsable);
        Assert.True(_health.IsEjected);
    }

    [Fact]
    public void Faults_AsManyAsTheirLimit_SuspectIt()
    {
        Assert.False(_health.Faulted());
        Assert.False(_health.Worked());
        Assert.Equal([false, false, false, true, false], [.. Enumerable.Range(0, 5).Select(_ => _health.Faulted())]);

        Assert.True(_health.TryUse());
        Assert.False(_health.IsEjected);
    }

    [Fact]
    public void Suspicion_NotConfirmed_BeginsTheCountAnew()
    {
        Suspect();

        Assert.False(_health.Cleared());

        Suspect();
    }

    /// <summary>Also where another call succeeded meanwhile.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Suspicion_Confirmed_Ejects(bool workedMeanwhile)
    {
        Suspect();
        if (workedMeanwhile)
        {
            _health.Worked();
        }

        Assert.Equal(Base, _health.Convicted());

        Assert.False(_health.TryUse());
        Assert.True(_health.Worked());
        Assert.True(_health.TryUse());
    }

    [Fact]
    public void Fault_WhileEjected_SuspectsOnceAndMayReturnIt()
    {
        Eject();

        Assert.Equal([true, false], [_health.Faulted(), _health.Faulted()]);
        Assert.Null(_health.Convicted());
        Assert.True(_health.Faulted());
        Assert.True(_health.Cleared());

        Assert.False(_health.IsEjected);
    }

    [Fact]
    public void Probe_WhenDue_IsOneCall()
    {
        Eject();
        _clock.Advance(Base);

        Assert.Equal([true, false, false], new[] { _health.TryUse(), _health.TryUse(), _health.TryUse() });
    }

    [Fact]
    public void Probes_WithoutSuccess_AreTwiceAsFarApartEachTimeUpToTheLimit()
    {
        Eject();
        var until = new List<TimeSpan>();
        for (var i = 0; i < 4; i++)
        {
            until.Add(TimeUntilUsable());
            Assert.True(_health.TryUse());
            Assert.Null(_health.Failed());
        }

        Assert.Equal([Base, Base * 2, Base * 3, Base * 3], until);
    }

    [Fact]
    public void Failures_OfCallsUnderWay_DoNotLengthenTheEjection()
    {
        Eject();
        _clock.Advance(Base / 2);

        for (var i = 0; i < 100; i++)
        {
            Assert.Null(_health.Failed());
        }

        Assert.Equal(Base / 2, TimeUntilUsable());
    }

    [Fact]
    public void Success_WhileEjected_ReturnsIt()
    {
        Eject();
        _clock.Advance(Base);
        Assert.True(_health.TryUse());

        Assert.True(_health.Worked());

        Assert.False(_health.IsEjected);
        Assert.True(_health.TryUse());
        Assert.False(_health.Worked());
        Assert.Equal(Base, Eject());
    }

    private void Suspect() =>
        Assert.Equal([false, false, false, true], [.. Enumerable.Range(0, 4).Select(_ => _health.Faulted())]);

    private TimeSpan? Eject()
    {
        Assert.Null(_health.Failed());
        Assert.Null(_health.Failed());
        return _health.Failed();
    }

    private TimeSpan TimeUntilUsable()
    {
        var step = TimeSpan.FromSeconds(0.5);
        var waited = TimeSpan.Zero;
        for (; !_health.IsUsable; waited += step)
        {
            _clock.Advance(step);
        }

        return waited;
    }
}
