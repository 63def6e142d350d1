using Gateway.Grpc.Protocol;

namespace Gateway.Grpc.Tests.Protocol;

public sealed class BinaryHeaderTests
{
    // RFC 4648, section 10
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "Zg")]
    [InlineData("fo", "Zm8")]
    [InlineData("foo", "Zm9v")]
    [InlineData("foob", "Zm9vYg")]
    [InlineData("fooba", "Zm9vYmE")]
    [InlineData("foobar", "Zm9vYmFy")]
    public void Encode_Bytes_HasNoPadding(string text, string encoded)
    {
        Assert.Equal(encoded, BinaryHeader.Encode(System.Text.Encoding.ASCII.GetBytes(text)));
    }

    [Theory]
    [InlineData("Zg", "f")]
    [InlineData("Zg==", "f")]
    [InlineData("Zm8=", "fo")]
    [InlineData(" Zm8 ", "fo")]
    [InlineData("", "")]
    public void TryDecode_WithAndWithoutPadding_Reads(string encoded, string text)
    {
        Assert.True(BinaryHeader.TryDecode(encoded, out byte[] bytes));
        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void TryDecode_LongValue_Reads()
    {
        byte[] bytes = Bytes.Pattern(10_000, seed: 1);

        Assert.True(BinaryHeader.TryDecode(BinaryHeader.Encode(bytes), out byte[] decoded));
        Assert.Equal(bytes, decoded);
    }

    [Theory]
    [InlineData("Z")]
    [InlineData("Zm9vY")]
    [InlineData("Zm_v")]
    [InlineData("ü")]
    public void TryDecode_NotBase64_IsFalse(string encoded)
    {
        Assert.False(BinaryHeader.TryDecode(encoded, out _));
    }
}
