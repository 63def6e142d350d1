using System.Text;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Tests.Protos;
using Google.Protobuf;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>What bytes fields read: base64 of either alphabet, padded or not, in lines or in one.</summary>
public sealed class Base64Tests
{
    private static readonly MessagePlan Plan = Transcode.Everything.Message(Scalars.Descriptor);

    // Lines of 76 characters, as MIME and the command base64 write them.
    private static readonly byte[] Picture = [.. Enumerable.Range(0, 1_000).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData("A\\nQIDBA==")]
    [InlineData("AQ\\r\\nIDBA==")]
    [InlineData("AQI\\nDBA==")]
    [InlineData("AQID\\nBA==")]
    [InlineData("AQIDBA\\n==")]
    [InlineData("AQIDBA=\\n=")]
    [InlineData("AQIDBA==\\n")]
    [InlineData("\\r\\n\\r\\nAQIDBA==\\r\\n\\r\\n")]
    [InlineData("AQID\\rBA")]
    [InlineData("A\\nQ\\nI\\nD\\nB\\nA\\n=\\n=\\n")]
    public void Base64_LineBreakAnywhere_IsReadHoweverItIsCut(string base64) =>
        AssertReads([1, 2, 3, 4], $$"""{"bytesValue":"{{base64}}"}""");

    [Theory]
    [InlineData(76, "\\r\\n")]
    [InlineData(76, "\\n")]
    [InlineData(64, "\\n")]
    [InlineData(77, "\\n")]
    [InlineData(1, "\\n")]
    public void Base64_InLines_IsReadHoweverItIsCut(int lineLength, string lineBreak)
    {
        var lines = Convert.ToBase64String(Picture).Chunk(lineLength).Select(line => new string(line));

        AssertReads(Picture, $$"""{"bytesValue":"{{string.Join(lineBreak, lines)}}"}""");
    }

    [Fact]
    public void Base64_UrlSafeInLines_IsRead()
    {
        byte[] bytes = [.. Enumerable.Repeat<byte>(0xFF, 300)];
        var lines = Convert.ToBase64String(bytes).Replace('/', '_').Chunk(76).Select(line => new string(line));

        AssertReads(bytes, $$"""{"bytesValue":"{{string.Join("\\n", lines)}}"}""");
    }

    [Theory]
    [InlineData("AA=", "one = where two are due")]
    [InlineData("AA=\\n", "one = where two are due, and a line break")]
    [InlineData("AAA==", "two = where one is due")]
    [InlineData("AAAA=", "a = where none is due")]
    [InlineData("AA===", "three")]
    [InlineData("=", "nothing but a =")]
    [InlineData("A", "half a byte")]
    [InlineData("A\\n", "half a byte, and a line break")]
    [InlineData("A===", "half a byte, padded")]
    [InlineData("AA=A", "text behind a =")]
    [InlineData("AA==AA==", "text behind the padding")]
    [InlineData("AA==\\nAA==", "text behind the padding, on the next line")]
    [InlineData("AA AA", "a blank")]
    [InlineData("AAAA AAAA AAAA AAAA", "blanks between whole groups")]
    [InlineData(" AAAA", "a blank in front")]
    [InlineData("AAAA ", "a blank behind")]
    [InlineData("AAAA\\tAAAA", "a tab")]
    [InlineData("AAAA\\fAAAA", "a form feed")]
    [InlineData("AAAA\\u0085AAAA", "another line break than CR and LF")]
    [InlineData("AAAA\\u2028AAAA", "a line separator")]
    [InlineData("AAAA*AAA", "a character of no alphabet")]
    public void Base64_Garbage_IsRefusedHoweverItIsCut(string base64, string why)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"bytesValue":"{{base64}}"}""");

        for (var chunk = 1; chunk <= json.Length; chunk++)
        {
            var error = Transcode.ToProto(Plan, json, chunk).Error;

            Assert.True(error is { Kind: JsonErrorKind.BadValue, Path: "bytesValue", Message: "not base64" }, $"{why}, in chunks of {chunk}: {error}");
        }
    }

    private static void AssertReads(byte[] bytes, string text)
    {
        var json = Encoding.UTF8.GetBytes(text);
        var expected = new Scalars { BytesValue = ByteString.CopyFrom(bytes) }.ToByteArray();
        for (var chunk = 1; chunk <= Math.Min(json.Length, 200); chunk++)
        {
            Assert.Equal(expected, Transcode.ToProto(Plan, json, chunk).Wire);
        }

        Assert.Equal(expected, Transcode.ToProto(Plan, json).Wire);
    }
}
