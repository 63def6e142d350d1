using System.Text.Json;
using Gateway.Core.Json;

namespace Gateway.Core.Tests.Json;

public class JsonIntegerTests
{
    [Theory]
    [InlineData("4", 4)]
    [InlineData("4.0", 4)]
    [InlineData("4e1", 40)]
    [InlineData("-0.4E+1", -4)]
    [InlineData("10e-1", 1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808.0", long.MinValue)]
    public void TryRead_Whole_IsRead(string json, long expected)
    {
        Assert.True(JsonInteger.TryRead(JsonElement.Parse(json), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("4.5")]
    [InlineData("1e-1")]
    [InlineData("9223372036854775808")]
    [InlineData("1e400")]
    [InlineData("\"4\"")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[4]")]
    public void TryRead_AnythingElse_IsNone(string json) => Assert.False(JsonInteger.TryRead(JsonElement.Parse(json), out _));
}
