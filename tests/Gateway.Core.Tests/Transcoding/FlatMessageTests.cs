using System.Buffers;
using System.Text;
using Gateway.Core.Json;
using Gateway.Core.Tests.Protos;
using Gateway.Core.Transcoding;
using Google.Protobuf;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>Small messages of numbers and plain text, which are written without being looked over, and those that only seem to be such.</summary>
public sealed class FlatMessageTests
{
    private const string Prefix = """{"messages":[""";

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(1100)]
    [InlineData(4096)]
    public void Messages_WhereverABufferEnds_AreWhole(int bufferSize)
    {
        var random = new Random(bufferSize);
        var lists = new Lists { Messages = { Enumerable.Range(0, 2_000).Select(_ => Random(random)) } };
        var output = new SmallBuffers(bufferSize);
        using var transcoder = new ProtoToJson(JsonLimits.Default);

        transcoder.Begin(Transcode.Everything.Message(Lists.Descriptor), lists.ToByteArray());
        while (!transcoder.Continue(output, budget: 3_000))
        {
        }

        Assert.Null(transcoder.Error);
        Assert.Equal(lists, JsonParser.Default.Parse<Lists>(output.Text));
    }

    [Theory]
    [InlineData("1805 1806", """{"int32Value":6}""", "the last of two values counts")]
    [InlineData("1805 1800", "{}", "the last of two values counts, a zero too")]
    [InlineData("6801 1805", """{"int32Value":5,"boolValue":true}""", "members come by number")]
    [InlineData("1805 F80601", """{"int32Value":5}""", "what is unknown is left out")]
    [InlineData("1805 7201 22", """{"int32Value":5,"stringValue":"\""}""", "text with an escape")]
    [InlineData("1805 7202 C3A4", """{"int32Value":5,"stringValue":"ä"}""", "text beyond ASCII")]
    [InlineData("1805 7A01 01", """{"int32Value":5,"bytesValue":"AQ=="}""", "bytes")]
    [InlineData("1805 1A0106", """{"int32Value":5}""", "another wire type than the field's")]
    [InlineData("1805 800103", """{"int32Value":5,"colorValue":3}""", "a tag of two bytes")]
    public void Message_NotFlatOrNotInOrder_IsWrittenAllTheSame(string wire, string json, string why)
    {
        var message = Convert.FromHexString(wire.Replace(" ", "", StringComparison.Ordinal));

        var (text, error) = Transcode.ToJson(Transcode.Everything.Message(Lists.Descriptor), List(message));

        Assert.Null(error);
        Assert.True(Prefix + json + "]}" == text, $"{why}: {text}");
    }

    [Theory]
    [InlineData("18")]
    [InlineData("1805 72")]
    [InlineData("1805 7205 41")]
    [InlineData("1805 07")]
    [InlineData("1805 7201 FF")]
    public void Message_Malformed_IsAnError(string wire)
    {
        var message = Convert.FromHexString(wire.Replace(" ", "", StringComparison.Ordinal));

        var (_, error) = Transcode.ToJson(Transcode.Everything.Message(Lists.Descriptor), List(message));

        Assert.Equal("messages[0]", error?.Path[..Math.Min(error.Path.Length, 11)]);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Message_AtTheDepthLimit_IsCounted(int maxDepth, bool fits)
    {
        var (_, error) = Transcode.ToJson(
            Transcode.Everything.Message(Lists.Descriptor), List([0x18, 5]), limits: new JsonLimits { MaxDepth = maxDepth });

        Assert.Equal(fits, error is null);
    }

    private static byte[] List(byte[] message) => new Lists { Messages = { new Scalars() } }.ToByteArray() is [var tag0, var tag1, _]
        ? [tag0, tag1, (byte)message.Length, .. message]
        : throw new InvalidOperationException("The tag has two bytes.");

    private static Scalars Random(Random random) => new()
    {
        Int32Value = random.Next(4) == 0 ? 0 : random.Next(),
        FloatValue = random.NextSingle(),
        Uint64Value = (ulong)random.NextInt64(),
        BoolValue = random.Next(2) == 0,
        StringValue = random.Next(10) switch
        {
            0 => "",
            1 => "with \"escapes\"\n",
            2 => new string('w', random.Next(600)),
            3 => "wäit",
            var length => new string('p', length * 7),
        },
        BytesValue = random.Next(20) == 0 ? ByteString.CopyFromUtf8("bytes") : ByteString.Empty,
    };

    /// <summary>Hands out no more than it is asked for, and never less than a size.</summary>
    private sealed class SmallBuffers(int size) : IBufferWriter<byte>
    {
        private readonly MemoryStream _written = new();
        private byte[] _buffer = [];

        public string Text => Encoding.UTF8.GetString(_written.ToArray());

        public void Advance(int count) => _written.Write(_buffer, 0, count);

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer = new byte[Math.Max(size, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
