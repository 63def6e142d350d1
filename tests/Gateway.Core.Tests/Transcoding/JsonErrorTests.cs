using System.Text;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Tests.Protos;

namespace Gateway.Core.Tests.Transcoding;

public sealed class JsonErrorTests
{
    private static readonly MessagePlan Plan = Transcode.Everything.Message(Scalars.Descriptor);

    [Theory]
    [InlineData("""{"stringValue":"aé€"}x""", 24, "text after the end of the JSON value")]
    [InlineData("""{"stringValue":"ab\xcd"}""", 18, "not an escape sequence")]
    [InlineData("""{"stringValue":"ab\ud800cd"}""", 18, "an escape of half a surrogate pair")]
    [InlineData("{\"stringValue\":\"ab\ncd\"}", 18, "a control character in a string is not escaped")]
    [InlineData("{\"stringVal\\u00zz\":\"\"}", 11, "not an escape sequence")]
    [InlineData("""{"stringValue":"é\n""", 20, "the JSON text ends too early")]
    public void JsonToProto_NotJson_IsPlacedAtTheFirstWrongByteHoweverItIsCut(string json, int offset, string message) =>
        AssertSyntax(Encoding.UTF8.GetBytes(json), offset, message);

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    public void JsonToProto_NotUtf8_IsPlacedAtTheFirstWrongSequenceHoweverItIsCut(byte[] wrong)
    {
        var before = Encoding.UTF8.GetBytes("{\"stringValue\":\"é" + new string('€', 100));

        AssertSyntax([.. before, .. wrong, .. "c\"}"u8], before.Length, "not UTF-8");
    }

    [Fact]
    public void JsonToProto_TextWrongInTwoWays_IsRefusedForTheFirstHoweverItIsCut()
    {
        var error = ErrorOfEveryCut("""{"bytesValue":"AQ!\x"}"""u8);

        Assert.Equal(new JsonError(JsonErrorKind.BadValue, "bytesValue", "not base64"), error);
    }

    [Fact]
    public void JsonToProto_LongNameThatIsWrongAfterTheLimit_IsRefusedForItsLengthHoweverItIsCut()
    {
        var error = ErrorOfEveryCut("""{"123456789\x":1}"""u8, new JsonLimits { MaxNameBytes = 8 });

        Assert.Equal(new JsonError(JsonErrorKind.LimitExceeded, "", "a name or text of more than 8 bytes"), error);
    }

    [Fact]
    public void JsonToProto_WrongValue_IsPlacedByItsPathAlone()
    {
        var error = ErrorOfEveryCut("""{"int32Value":"x"}"""u8);

        Assert.Null(error.Offset);
        Assert.Equal("int32Value: expected a number", error.ToString());
    }

    private static void AssertSyntax(ReadOnlySpan<byte> json, int offset, string message)
    {
        var error = ErrorOfEveryCut(json);

        Assert.Equal((JsonErrorKind.Syntax, offset, message), (error.Kind, error.Offset, error.Message));
    }

    /// <summary>The error of a text, which is the same for chunks of every size.</summary>
    private static JsonError ErrorOfEveryCut(ReadOnlySpan<byte> json, JsonLimits? limits = null)
    {
        var whole = Transcode.ToProto(Plan, json, limits: limits).Error;
        Assert.NotNull(whole);
        for (var chunk = 1; chunk < json.Length; chunk++)
        {
            Assert.Equal(whole, Transcode.ToProto(Plan, json, chunk, limits).Error);
        }

        return whole;
    }
}
