using System.Text;
using Gateway.Core.Schema;
using Gateway.Core.Tests.Protos;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>NaN has many bits; on the wire it has those of every other language, a quiet one without a sign.</summary>
public sealed class NotANumberTests
{
    [Theory]
    [InlineData("""{"floatValue":"NaN"}""", "150000c07f")]
    [InlineData("""{"doubleValue":"NaN"}""", "09000000000000f87f")]
    [InlineData("""{"floatValue":"Infinity","doubleValue":"-Infinity"}""", "150000807f09000000000000f0ff")]
    public void JsonToProto_NaN_HasTheBitsOfOtherLanguages(string json, string wire) => AssertWire(Transcode.Everything.Message(Scalars.Descriptor), json, wire);

    [Fact]
    public void JsonToProto_NaNInAPackedList_HasTheBitsOfOtherLanguages() =>
        AssertWire(Transcode.Everything.Message(Lists.Descriptor), """{"floats":["NaN"],"doubles":["NaN"]}""", "12040000c07f0a08000000000000f87f");

    private static void AssertWire(MessagePlan plan, string json, string wire) =>
        Assert.Equal(wire, Convert.ToHexStringLower(Transcode.ToProto(plan, Encoding.UTF8.GetBytes(json)).Wire));
}
