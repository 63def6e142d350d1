using Gateway.Core.Upstream.Retries;
using Gateway.Testing;

namespace Gateway.Core.Tests.Upstream.Retries;

/// <summary>gRFC A6, "Pushback", and RFC 9110, 10.2.3.</summary>
public sealed class PushbackTests
{
    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1500", 1.5)]
    public void Trailer_OfMilliseconds_IsTheDelay(string value, double seconds) =>
        Assert.Equal(new Pushback(TimeSpan.FromSeconds(seconds)), Read("grpc-retry-pushback-ms", value));

    [Theory]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("99999999999")]
    public void Trailer_NotANumberOfMilliseconds_ForbidsRetries(string value) =>
        Assert.Equal(new Pushback(null, IsFinal: true), Read("grpc-retry-pushback-ms", value));

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Thu, 01 Jan 1970 00:01:30 GMT", 90)]
    [InlineData("Wed, 31 Dec 1969 00:00:00 GMT", 0)]
    public void RetryAfter_SecondsOrDate_IsTheDelay(string value, int seconds) =>
        Assert.Equal(new Pushback(TimeSpan.FromSeconds(seconds)), Read("retry-after", value));

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    public void RetryAfter_Neither_SaysNothing(string value) => Assert.Equal(default, Read("retry-after", value));

    [Fact]
    public void RetryAfter_AmongTheHeaders_Counts()
    {
        var headers = new Metadata();
        headers.Add("retry-after", "3");

        Assert.Equal(new Pushback(TimeSpan.FromSeconds(3)), Pushback.Read(headers, trailers: null, _clock));
        Assert.Equal(new Pushback(TimeSpan.FromSeconds(3)), Pushback.Read(headers, [], _clock));
    }

    [Fact]
    public void Both_GrpcsOwnWins()
    {
        var trailers = new Metadata();
        trailers.Add("retry-after", "3");
        trailers.Add("grpc-retry-pushback-ms", "250");

        Assert.Equal(new Pushback(TimeSpan.FromMilliseconds(250)), Pushback.Read([], trailers, _clock));
    }

    private Pushback Read(string trailer, string value)
    {
        var trailers = new Metadata();
        trailers.Add(trailer, value);
        return Pushback.Read([], trailers, _clock);
    }
}
