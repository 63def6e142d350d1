using System.Buffers;
using System.Text;
using Gateway.Core.Json;
using Gateway.Core.Tests.Protos;
using Gateway.Core.Transcoding;
using Google.Protobuf;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>
/// Small messages of numbers, plain text and messages like them, which are written without being looked over, and those that only seem to
/// be such. The reference is Google's parser and formatter.
/// </summary>
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

        AssertWhole(lists, bufferSize);
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

    [Theory]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(1100)]
    [InlineData(4096)]
    public void Messages_InOneAnotherWhereverABufferEnds_AreWhole(int bufferSize)
    {
        var random = new Random(bufferSize);
        var lists = new Lists { Trees = { Enumerable.Range(0, 500).Select(_ => RandomTree(random, depth: 5)) } };

        AssertWhole(lists, bufferSize);
    }

    [Theory]
    [InlineData("0A0161 12 03 0A0162", """{"name":"a","left":{"name":"b"}}""", "a message inside")]
    [InlineData("12 00", """{"left":{}}""", "an empty message is set")]
    [InlineData("12 03 0A0162 0A0161", """{"name":"a","left":{"name":"b"}}""", "members come by number")]
    [InlineData("12 03 0A0162 12 02 1200", """{"left":{"name":"b","left":{}}}""", "parts of a message are one")]
    [InlineData("12 06 0A0162 0A0163", """{"left":{"name":"c"}}""", "the last of two values inside counts")]
    [InlineData("12 05 1200 0A0163", """{"left":{"name":"c","left":{}}}""", "members inside come by number")]
    [InlineData("0A0161 12 03 0A0122", """{"name":"a","left":{"name":"\""}}""", "text with an escape inside")]
    [InlineData("0A0161 12 02 2200", """{"name":"a","left":{"children":[{}]}}""", "a list inside")]
    [InlineData("12 09 1207 1205 1203 0A0162", """{"left":{"left":{"left":{"left":{"name":"b"}}}}}""", "many inside")]
    public void Message_WithMessages_IsWrittenAsWithoutThem(string wire, string json, string why)
    {
        var message = Convert.FromHexString(wire.Replace(" ", "", StringComparison.Ordinal));
        byte[] list = [0x22, (byte)message.Length, .. message];

        var (text, error) = Transcode.ToJson(Transcode.Everything.Message(Tree.Descriptor), message);
        var (inList, errorInList) = Transcode.ToJson(Transcode.Everything.Message(Tree.Descriptor), list);

        Assert.Null(error);
        Assert.Null(errorInList);
        Assert.True(json == text, $"{why}: {text}");
        Assert.Equal($$"""{"children":[{{json}}]}""", inList);
        Assert.Equal(Tree.Parser.ParseFrom(message), JsonParser.Default.Parse<Tree>(text));
    }

    [Theory]
    [InlineData("0801", "1970-01-01T00:00:01Z", "seconds")]
    [InlineData("1001 0801", "1970-01-01T00:00:01.000000001Z", "nanos first")]
    [InlineData("0801 0802", "1970-01-01T00:00:02Z", "the last of two values counts")]
    [InlineData("", "1970-01-01T00:00:00Z", "an empty one is set")]
    [InlineData("088083D1FFAF07", null, "after year 9999")]
    [InlineData("08", null, "cut")]
    public void Message_WithATime_IsAsLegalAsTheTime(string wire, string? json, string why)
    {
        var time = Convert.FromHexString(wire.Replace(" ", "", StringComparison.Ordinal));
        byte[] message = [0x32, (byte)(2 + time.Length), 0x12, (byte)time.Length, .. time];

        var (text, error) = Transcode.ToJson(Transcode.Everything.Message(Everything.Descriptor), message);

        Assert.Equal(json is null ? "wellKnown.timestamp" : null, error?.Path);
        Assert.True(json is null || $$$"""{"wellKnown":{"timestamp":"{{{json}}}"}}""" == text, $"{why}: {text}");
    }

    /// <summary>A list of small messages in which one is not flat, one is not in order, and which another field interrupts.</summary>
    [Fact]
    public void List_OfFlatMessagesCutAnywhere_IsWhatGoogleMakesOfIt()
    {
        byte[] flat = [0x18, 5, 0x72, 3, (byte)'a', (byte)'b', (byte)'c'];
        byte[] escaped = [0x18, 6, 0x72, 1, (byte)'"'];
        byte[] disordered = [0x72, 1, (byte)'d', 0x18, 7];
        byte[] wire =
        [
            .. List(flat), .. List(flat), .. List(escaped), .. List(flat), .. List(disordered), .. List([]), .. List(flat),
            0x72, 1, (byte)'x',
            .. List(flat), .. List(flat),
        ];
        for (var length = 0; length <= wire.Length; length++)
        {
            var cut = wire[..length];
            var expected = Parse(cut);

            var (text, error) = Transcode.ToJson(Transcode.Everything.Message(Lists.Descriptor), cut);

            Assert.Equal(expected is null, error is not null);
            Assert.True(expected is null || JsonParser.Default.Parse<Lists>(text).Equals(expected), text);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Messages_InOneAnotherAtTheDepthLimit_AreCounted(int depth)
    {
        var tree = new Tree();
        for (var i = 1; i < depth; i++)
        {
            tree = new Tree { Left = tree };
        }

        var plan = Transcode.Everything.Message(Tree.Descriptor);
        var (_, fitting) = Transcode.ToJson(plan, tree.ToByteArray(), limits: new JsonLimits { MaxDepth = depth });
        var (_, tooDeep) = Transcode.ToJson(plan, tree.ToByteArray(), limits: new JsonLimits { MaxDepth = depth - 1 });

        Assert.Null(fitting);
        Assert.NotNull(tooDeep);
    }

    private static void AssertWhole(Lists lists, int bufferSize)
    {
        var output = new SmallBuffers(bufferSize);
        using var transcoder = new ProtoToJson(JsonLimits.Default);

        transcoder.Begin(Transcode.Everything.Message(Lists.Descriptor), lists.ToByteArray());
        while (!transcoder.Continue(output, budget: 3_000))
        {
        }

        Assert.Null(transcoder.Error);
        Assert.Equal(lists, JsonParser.Default.Parse<Lists>(output.Text));
    }

    private static Lists? Parse(byte[] wire)
    {
        try
        {
            return Lists.Parser.ParseFrom(wire);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static Tree RandomTree(Random random, int depth) => new()
    {
        Name = random.Next(10) == 0 ? "\"" : new string('n', random.Next(40)),
        Left = depth > 0 && random.Next(2) == 0 ? RandomTree(random, depth - 1) : null,
        Right = depth > 0 && random.Next(3) == 0 ? RandomTree(random, depth - 1) : null,
        Scalars = random.Next(2) == 0 ? Random(random) : null,
    };

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
