using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Core.Tests.Wire;

/// <summary>The reference is Google's <see cref="CodedInputStream"/>.</summary>
public sealed class WireReaderTests
{
    [Theory]
    [InlineData("00", 0UL)]
    [InlineData("7F", 127UL)]
    [InlineData("8001", 128UL)]
    [InlineData("808000", 0UL)]
    [InlineData("FFFFFFFFFFFFFFFFFF01", ulong.MaxValue)]
    [InlineData("FFFFFFFFFFFFFFFFFF7F", ulong.MaxValue)]
    public void TryReadVarint_UpToTenBytes_IsWhatGoogleReads(string hex, ulong value)
    {
        var bytes = Convert.FromHexString(hex);
        var reader = new WireReader(bytes);

        Assert.True(reader.TryReadVarint(out var read));
        Assert.Equal(value, read);
        Assert.True(reader.IsAtEnd);
        Assert.Equal(value, new CodedInputStream(bytes).ReadUInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFFFFFFFFFFFFFF")]
    [InlineData("FFFFFFFFFFFFFFFFFF8000")]
    public void TryReadVarint_CutOrTooLong_IsRefusedAsByGoogle(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        var reader = new WireReader(bytes);

        Assert.False(reader.TryReadVarint(out _));
        Assert.Throws<InvalidProtocolBufferException>(() => new CodedInputStream(bytes).ReadUInt64());
    }

    [Theory]
    [InlineData("00", "no field number")]
    [InlineData("07", "no field number, and a wire type that is none")]
    [InlineData("0E", "wire type 6")]
    [InlineData("0F", "wire type 7")]
    [InlineData("8880808010", "more than 32 bits")]
    public void TryReadTag_Impossible_IsRefused(string hex, string why)
    {
        var reader = new WireReader(Convert.FromHexString(hex));

        Assert.False(reader.TryReadTag(out _), why);
    }

    [Theory]
    [InlineData("08", 8u)]
    [InlineData("FAFFFFFF0F", 0xFFFFFFFAu)]
    public void TryReadTag_SmallestAndLargestNumber_AreRead(string hex, uint tag)
    {
        var reader = new WireReader(Convert.FromHexString(hex));

        Assert.True(reader.TryReadTag(out var read));
        Assert.Equal(tag, read);
    }

    [Theory]
    [InlineData("02AABB", true)]
    [InlineData("03AABB", false)]
    [InlineData("FFFFFFFF0F", false)]
    [InlineData("FFFFFFFFFFFFFFFFFF01", false)]
    public void TryReadLengthDelimited_LengthBeyondTheEnd_IsRefused(string hex, bool fits)
    {
        var reader = new WireReader(Convert.FromHexString(hex));

        Assert.Equal(fits, reader.TryReadLengthDelimited(out var value));
        Assert.Equal(fits ? 2 : 0, value.Length);
    }

    /// <summary>Field 1 as each wire type, whole and without its last byte.</summary>
    [Theory]
    [InlineData(WireType.Varint, "9601")]
    [InlineData(WireType.Fixed32, "01020304")]
    [InlineData(WireType.Fixed64, "0102030405060708")]
    [InlineData(WireType.LengthDelimited, "03010203")]
    [InlineData(WireType.StartGroup, "10010C")]
    [InlineData(WireType.StartGroup, "13140C")]
    public void TrySkip_EachWireType_EndsBehindTheValue(WireType type, string hex)
    {
        var tag = new WireTag(1, type).Value;
        var value = Convert.FromHexString(hex);

        var whole = new WireReader(value);
        Assert.True(whole.TrySkip(tag));
        Assert.True(whole.IsAtEnd);

        var cut = new WireReader(value.AsSpan(0, value.Length - 1));
        Assert.False(cut.TrySkip(tag));
    }

    [Theory]
    [InlineData(WireReader.MaxGroupDepth, true)]
    [InlineData(WireReader.MaxGroupDepth + 1, false)]
    public void TrySkip_GroupsInGroups_UpToTheLimit(int depth, bool fits)
    {
        byte[] starts = [.. Enumerable.Repeat((byte)0x0B, depth - 1)];
        byte[] ends = [.. Enumerable.Repeat((byte)0x0C, depth)];
        var reader = new WireReader([.. starts, .. ends]);

        Assert.Equal(fits, reader.TrySkip(0x0B));
    }

    [Fact]
    public void TrySkip_EndGroupWithoutAStart_IsRefused()
    {
        var reader = new WireReader([]);

        Assert.False(reader.TrySkip(0x0C));
    }
}
