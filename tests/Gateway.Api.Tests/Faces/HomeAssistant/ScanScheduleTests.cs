using Gateway.Api.Faces.HomeAssistant;

namespace Gateway.Api.Tests.Faces.HomeAssistant;

/// <summary>When a scan comes next.</summary>
public sealed class ScanScheduleTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0, 60)]
    [InlineData(10, 50)]
    [InlineData(60, 60)]
    [InlineData(150, 30)]
    public void Success_WaitsForTheNextPointOfTheInterval(int took, int wait) => Assert.Equal(wait * Second, Minutely().After(took * Second, 0));

    [Theory]
    [InlineData(1, 120)]
    [InlineData(2, 240)]
    [InlineData(3, 480)]
    [InlineData(4, 900)]
    [InlineData(5000, 900)]
    public void Failure_WaitsTwiceAsLong_EachTime_UpToTheLongest(int failures, int wait) => Assert.Equal(wait * Second, Minutely().After(10 * Second, failures));

    [Fact]
    public void Failure_OfALongInterval_IsNoReasonToHurry() =>
        Assert.Equal(TimeSpan.FromHours(2), new ScanSchedule(TimeSpan.FromHours(2), TimeSpan.FromMinutes(15)).After(Second, 3));

    [Theory]
    [InlineData(60, 5)]
    [InlineData(4, 2)]
    public void First_ComesByChance_WithinTheIntervalAndTenSeconds(int interval, int wait) =>
        Assert.Equal(wait * Second, new ScanSchedule(interval * Second, Second).BeforeFirst(new Half()));

    private static ScanSchedule Minutely() => new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15));
}
