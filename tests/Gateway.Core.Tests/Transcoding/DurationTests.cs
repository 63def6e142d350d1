using Gateway.Core.Tests.Protos;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>duration.proto bounds the seconds, -315,576,000,000 to 315,576,000,000, and the nanos apart from them.</summary>
public sealed class DurationTests
{
    [Theory]
    [InlineData("315576000000s", 315_576_000_000, 0)]
    [InlineData("315576000000.999999999s", 315_576_000_000, 999_999_999)]
    [InlineData("-315576000000.999999999s", -315_576_000_000, -999_999_999)]
    public void Duration_AtTheBound_SurvivesBothWays(string text, long seconds, int nanos)
    {
        var expected = new WellKnown { Duration = new Duration { Seconds = seconds, Nanos = nanos } };
        var json = $$"""{"duration":"{{text}}"}""";

        Assert.Equal(expected, Transcode.Read<WellKnown>(json));
        Assert.Equal(json, Transcode.Format(expected, Transcode.Everything));
    }

    [Theory]
    [InlineData("315576000001s")]
    [InlineData("-315576000001s")]
    [InlineData("9223372036854775808s")]
    public void Duration_BeyondTheBound_IsRefused(string text)
    {
        var error = Transcode.Refuse<WellKnown>($$"""{"duration":"{{text}}"}""");

        Assert.StartsWith("duration: not a duration", error, StringComparison.Ordinal);
    }
}
