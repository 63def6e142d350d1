using Gateway.Grpc.Protocol;

namespace Gateway.Grpc.Tests.Protocol;

public sealed class PercentEncodingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain ~ text!", "plain ~ text!")]
    [InlineData("100%", "100%25")]
    [InlineData("ü", "%C3%BC")]
    [InlineData("日本 ✓", "%E6%97%A5%E6%9C%AC %E2%9C%93")]
    [InlineData("😀", "%F0%9F%98%80")]
    [InlineData("\t\r\n\u007F", "%09%0D%0A%7F")]
    public void Encode_Text_AndBack(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%c3%bc", "ü")] // lower-case digits
    [InlineData("%41", "A")] // needlessly encoded
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%G0 %0g", "%G0 %0g")]
    [InlineData("%%41", "%A")]
    [InlineData("ü%41", "üA")] // not encoded although it should be
    [InlineData("%FF", "\uFFFD")] // no UTF-8
    public void Decode_WhatIsNoEncoding_DoesNotFail(string encoded, string text)
    {
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }
}
