using System.Buffers;
using System.Text;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>Texts one after another in one stream of bytes, each told from the next by its own end.</summary>
public sealed class ValueSequenceTests
{
    private static readonly MessagePlan Plan = Transcode.Clarifai.Message(PostModelOutputsRequest.Descriptor);

    private static readonly string[] Texts =
    [
        "{}",
        """{"model_id":"}{\"\\","inputs":[{"id":"a"},{"id":"]}"}]}""",
        "{\n  \"model_id\": \"pretty\",\n  \"inputs\": [\n    {}\n  ]\n}",
        """{"inputs":[{"data":{"metadata":{"n":1.5e3,"b":[true,null,"\u007d"],"é":"€"},"image":{"base64":"AAEC"}}}]}""",
    ];

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    public void FeedValue_SeveralTexts_AreReadAsEachAlone(string between)
    {
        var all = Encoding.UTF8.GetBytes(between + string.Join(between, Texts) + between);
        byte[][] expected = [.. Texts.Select(text => Transcode.ToProto(Plan, Encoding.UTF8.GetBytes(text)).Wire)];

        for (var chunk = 1; chunk <= all.Length; chunk++)
        {
            Assert.Equal(expected, Read(all, chunk));
        }
    }

    [Fact]
    public void FeedValue_NotJson_IsPlacedInItsOwnText()
    {
        using var output = new WireWriter();
        using var transcoder = new JsonToProto(JsonLimits.Default);
        transcoder.Begin(Plan, output);
        Assert.True(transcoder.FeedValue("""{"model_id":"a"} {"model_id":?}"""u8, out var consumed));
        Assert.True(transcoder.IsAtEnd);
        Assert.Equal("""{"model_id":"a"} """.Length, consumed);

        transcoder.Begin(Plan, output);
        Assert.False(transcoder.FeedValue("""{"model_id":?}"""u8, out _));

        Assert.False(transcoder.IsAtEnd);
        Assert.Equal("expected a JSON value at byte 12", transcoder.Error?.Message + " at byte " + transcoder.Error?.Offset);
    }

    [Fact]
    public void Feed_AfterAValueOfASequence_RefusesWhatFollowsAgain()
    {
        using var output = new WireWriter();
        using var transcoder = new JsonToProto(JsonLimits.Default);
        transcoder.Begin(Plan, output);
        Assert.True(transcoder.FeedValue("{} {}"u8, out _));

        transcoder.Begin(Plan, output);

        Assert.False(transcoder.Feed("{} {}"u8));
    }

    private static List<byte[]> Read(ReadOnlySpan<byte> all, int chunk)
    {
        var messages = new List<byte[]>();
        using var output = new WireWriter();
        using var transcoder = new JsonToProto(JsonLimits.Default);
        transcoder.Begin(Plan, output);
        while (!all.IsEmpty)
        {
            Assert.True(transcoder.FeedValue(all[..Math.Min(chunk, all.Length)], out var consumed), transcoder.Error?.ToString());
            all = all[consumed..];
            if (!transcoder.IsAtEnd || IsSpaceNext(all))
            {
                continue;
            }

            Assert.True(transcoder.Complete());
            messages.Add(output.Written.ToArray());
            output.Reset();
            transcoder.Begin(Plan, output);
        }

        return messages;
    }

    // White space belongs to the text before it, whatever chunk it comes in.
    private static bool IsSpaceNext(ReadOnlySpan<byte> rest) => !rest.IsEmpty && char.IsWhiteSpace((char)rest[0]);
}
