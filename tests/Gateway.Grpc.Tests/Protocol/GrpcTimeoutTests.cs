using Gateway.Grpc.Protocol;

namespace Gateway.Grpc.Tests.Protocol;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData(1, "100n")] // one tick is 100 ns
    [InlineData(999_999, "99999900n")]
    [InlineData(1_000_000, "100000u")]
    [InlineData(1_000_001, "100001u")] // rounded up
    [InlineData(999_999_990, "99999999u")]
    [InlineData(1_000_000_000, "100000m")]
    [InlineData(TimeSpan.TicksPerDay, "86400000m")]
    [InlineData(TimeSpan.TicksPerDay * 2, "172800S")]
    [InlineData(TimeSpan.TicksPerDay * 365 * 10, "5256000M")]
    [InlineData(TimeSpan.TicksPerDay * 365 * 1000, "8760000H")]
    public void Format_Ticks_UsesFinestUnitOfEightDigits(long ticks, string expected)
    {
        Assert.Equal(expected, GrpcTimeout.Format(new TimeSpan(ticks)));
    }

    [Fact]
    public void Format_LongestTimeSpan_IsTheMostThatEightDigitsHold()
    {
        Assert.Equal("99999999H", GrpcTimeout.Format(TimeSpan.MaxValue));
    }

    [Theory]
    [InlineData("1n", 1)]
    [InlineData("100n", 1)]
    [InlineData("101n", 2)]
    [InlineData("7u", 70)]
    [InlineData("7m", 70_000)]
    [InlineData("7S", 70_000_000)]
    [InlineData("7M", 4_200_000_000)]
    [InlineData("7H", 252_000_000_000)]
    [InlineData("0S", 0)]
    [InlineData("00000007S", 70_000_000)]
    [InlineData("99999999H", 3_599_999_964_000_000_000)]
    public void TryParse_EveryUnit_ReadsTicks(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("7")]
    [InlineData("7s")]
    [InlineData("-7S")]
    [InlineData("+7S")]
    [InlineData(" 7S")]
    [InlineData("7 S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("7SS")]
    public void TryParse_NoTimeout_IsFalse(string text)
    {
        Assert.False(GrpcTimeout.TryParse(text, out _));
    }
}
