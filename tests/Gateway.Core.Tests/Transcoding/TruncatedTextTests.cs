using System.Text;
using Gateway.Core.Tests.Protos;

namespace Gateway.Core.Tests.Transcoding;

public sealed class TruncatedTextTests
{
    [Theory]
    [InlineData("""{"scalars":{"int32Value":12,"stringValue":"é\n"},"lists":{"floats":[1.5,-2e1],"bools":[true]}}""")]
    [InlineData("""{"wellKnown":{"value":[1,{"a":2},null],"any":{"value":"1s","@type":"type.googleapis.com/google.protobuf.Duration"}}}""")]
    public void JsonToProto_TextCutShort_IsRefusedWhereverItEnds(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var plan = Transcode.Everything.Message(Everything.Descriptor);

        for (var length = 0; length < utf8.Length; length++)
        {
            Assert.NotNull(Transcode.ToProto(plan, utf8.AsSpan(0, length)).Error);
            Assert.NotNull(Transcode.ToProto(plan, utf8.AsSpan(0, length), chunk: 1).Error);
        }

        Assert.Null(Transcode.ToProto(plan, utf8).Error);
    }
}
