using Gateway.Core.Json;
using Gateway.Core.Schema;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Core.Tests.Transcoding;

public sealed class FieldMaskTests
{
    private static readonly MessagePlan Plan = Transcode.Everything.Message(FieldMask.Descriptor);

    [Theory]
    [InlineData("a,b")]
    [InlineData("aB")]
    [InlineData("a_")]
    [InlineData("a__b")]
    [InlineData("a_1")]
    public void ProtoToJson_PathThatItsTextWouldNotGiveBack_IsNotWritten(string path)
    {
        var error = Transcode.ToJson(Plan, new FieldMask { Paths = { path } }.ToByteArray()).Error;

        Assert.Equal(JsonErrorKind.NotRepresentable, error?.Kind);
    }

    [Fact]
    public void ProtoToJson_PathThatIsNotUtf8_IsMalformed()
    {
        var error = Transcode.ToJson(Plan, new byte[] { 0x0A, 0x02, (byte)'a', 0xFF }).Error;

        Assert.Equal((JsonErrorKind.MalformedWire, "not UTF-8"), (error?.Kind, error?.Message));
    }
}
