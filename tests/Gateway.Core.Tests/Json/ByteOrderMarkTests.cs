using System.Buffers;
using System.Text;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Tests.Transcoding;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;

namespace Gateway.Core.Tests.Json;

/// <summary>A byte order mark in front of JSON, which Windows' tools write and a reader may skip (RFC 8259, section 8.1).</summary>
public sealed class ByteOrderMarkTests
{
    private static readonly MessagePlan Plan = Transcode.Everything.Message(Protos.Scalars.Descriptor);

    private static readonly byte[] Marked = Encoding.UTF8.GetBytes("\uFEFF {\"int32Value\":7}");

    [Fact]
    public void JsonToProto_MarkInFront_IsSkippedHoweverItIsCut()
    {
        for (var chunk = 1; chunk <= Marked.Length; chunk++)
        {
            Assert.Equal(("1807", null), Read(Marked, chunk));
        }
    }

    [Fact]
    public void JsonToProto_EmptyChunksAroundTheMark_ChangeNothing()
    {
        using var output = new WireWriter();
        using var transcoder = new JsonToProto(JsonLimits.Default);
        transcoder.Begin(Plan, output);

        foreach (var next in Marked)
        {
            Assert.True(transcoder.Feed([]));
            Assert.True(transcoder.Feed([next]));
        }

        Assert.True(transcoder.Complete());
    }

    [Fact]
    public void JsonToProto_Mark_CountsAsNoValue() =>
        Assert.Null(Transcode.ToProto(Plan, Marked, limits: new JsonLimits { MaxValues = 1 }).Error);

    [Fact]
    public void JsonToProto_TextWrongBehindTheMark_IsPlacedInTheBytesAsTheyCame()
    {
        for (var chunk = 1; chunk < 6; chunk++)
        {
            Assert.Equal(("", "expected a JSON value at byte 3"), Read([.. "\uFEFF"u8, .. "?{}"u8], chunk));
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xEF, (byte)'{', (byte)'}' }, "expected a JSON value at byte 1")]
    [InlineData(new byte[] { 0xEF, 0xBB, (byte)'{', (byte)'}' }, "expected a JSON value at byte 2")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}' }, "expected a JSON value at byte 3")]
    [InlineData(new byte[] { (byte)' ', 0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}' }, "expected a JSON value at byte 1")]
    [InlineData(new byte[] { (byte)'{', 0xEF, 0xBB, 0xBF, (byte)'}' }, "expected a member's name in double quotes at byte 1")]
    [InlineData(new byte[] { 0xFE, 0xFF, 0, (byte)'{' }, "expected a JSON value at byte 0")]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF }, "the JSON text ends too early at byte 3")]
    [InlineData(new byte[] { 0xEF, 0xBB }, "the JSON text ends too early at byte 2")]
    public void JsonToProto_NoMarkOrNotInFront_IsRefusedHoweverItIsCut(byte[] json, string error)
    {
        for (var chunk = 1; chunk <= json.Length; chunk++)
        {
            Assert.Equal(("", error), Read(json, chunk));
        }
    }

    [Fact]
    public void FeedValue_MarkBeforeEachText_IsSkipped()
    {
        using var output = new WireWriter();
        using var transcoder = new JsonToProto(JsonLimits.Default);
        ReadOnlySpan<byte> all = [.. Marked, .. "\n"u8, .. Marked];
        for (var text = 0; text < 2; text++)
        {
            output.Reset();
            transcoder.Begin(Plan, output);

            Assert.True(transcoder.FeedValue(all, out var consumed));
            Assert.True(transcoder.Complete());
            Assert.Equal("1807", Convert.ToHexString(output.Written.ToArray()));
            all = all[consumed..];
        }

        Assert.True(all.IsEmpty);
    }

    [Fact]
    public void JsonTextReader_MarkInFront_IsSkippedHoweverItIsCut()
    {
        using var reader = new JsonTextReader(JsonLimits.Default, ArrayPool<byte>.Shared);
        for (var chunk = 1; chunk <= Marked.Length; chunk++)
        {
            reader.Begin();
            foreach (var part in Marked.Chunk(chunk))
            {
                Assert.True(reader.Feed(part));
            }

            using var document = reader.Complete();

            Assert.Null(reader.Error);
            Assert.Equal(7, document!.RootElement.GetProperty("int32Value").GetInt32());
        }
    }

    private static (string Wire, string? Error) Read(byte[] json, int chunk)
    {
        var (wire, error) = Transcode.ToProto(Plan, json, chunk);
        return (Convert.ToHexString(wire), error?.ToString());
    }
}
