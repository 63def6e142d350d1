using Gateway.Api.Streams;
using Gateway.Testing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Api.Tests.Streams;

/// <summary>One timer for the heartbeats of all streams.</summary>
public sealed class HeartbeatWheelTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _clock = new();
    private readonly HeartbeatWheel _wheel;
    private int _beats;

    public HeartbeatWheelTests() => _wheel = new HeartbeatWheel(_clock);

    public void Dispose() => _wheel.Dispose();

    [Fact]
    public void ManyStreams_HaveOneTimerAndAllBeat()
    {
        const int streams = 1000;
        for (var i = 0; i < streams; i++)
        {
            _ = Start(TimeSpan.FromSeconds(i % 10) + TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _clock.WaitingTimers);
        for (var second = 0; second < 10; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(streams, _beats);
        _clock.Advance(Interval);
        Assert.Equal(2 * streams, _beats);
        Assert.Equal(1, _clock.WaitingTimers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(59)]
    public async Task Beat_DueInALaterTurn_WaitsForIt(int step)
    {
        await using var heartbeats = Start(TimeSpan.FromSeconds(600));

        for (var elapsed = step; elapsed < 600; elapsed += step)
        {
            _clock.Advance(TimeSpan.FromSeconds(step));
        }

        Assert.Equal(0, _beats);
        _clock.Advance(TimeSpan.FromSeconds(600));
        Assert.Equal(1, _beats);
    }

    [Fact]
    public async Task Beat_ScheduledEarlier_ComesOnceAndThen()
    {
        await using var heartbeats = Start(TimeSpan.FromSeconds(30));

        heartbeats.Schedule(TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _beats);
        _clock.Advance(Interval - TimeSpan.FromSeconds(1));
        Assert.Equal(1, _beats);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _beats);
    }

    [Fact]
    public async Task Beat_AfterALongRest_SetsTheTimerForItsOwnTime()
    {
        _clock.Advance(TimeSpan.FromHours(1));

        await using var heartbeats = Start(Interval);

        Assert.True(_clock.NextTimerAsync(Interval).IsCompleted);
    }

    [Fact]
    public async Task Stream_ThatIsOver_HasNoBeatsAndNoTimer()
    {
        await using (Start(Interval))
        {
        }

        _clock.Advance(Interval);

        Assert.Equal((0, 0), (_beats, _clock.WaitingTimers));
    }

    private Heartbeats Start(TimeSpan grace) => new(new DefaultHttpContext(), grace, _wheel, () =>
    {
        _beats++;
        return ValueTask.FromResult(Interval);
    });
}
