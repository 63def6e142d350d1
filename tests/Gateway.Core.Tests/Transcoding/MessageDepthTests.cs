using System.Text;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Tests.Protos;
using Google.Protobuf;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>What Google's reader takes for too deep is refused before it is sent, and nothing else is.</summary>
public sealed class MessageDepthTests
{
    private static readonly MessagePlan Plan = Transcode.Everything.Message(Everything.Descriptor);
    private static readonly JsonLimits Limits = new() { MaxDepth = 1000 };
    private static readonly JsonParser Google = new(new JsonParser.Settings(recursionLimit: 1000));

    /// <summary>What is around each level, and what is innermost: no wrapper, which Google.Protobuf for C# alone does not count.</summary>
    public static TheoryData<string, string, string, string> Nested
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var leaf in (string[])["""{"a":{}}""", """{"a":[]}""", """{"a":1}""", """{"a":null}""", """{"a":"b"}""", """{"a":true}""", "{}"])
            {
                data.Add("""{"wellKnown":{"struct":""", """{"a":""", leaf, "}");
                data.Add("""{"wellKnown":{"listValue":[""", "[", leaf, "]");
                data.Add("""{"wellKnown":{"value":""", """{"a":[""", leaf, "]}");
            }

            foreach (var leaf in (string[])[
                "{}", """{"wellKnown":{"timestamp":"2026-11-30T00:00:00Z"}}""", """{"wellKnown":{"value":1}}""",
                """{"maps":{"byString":{"a":"b"}}}""", """{"lists":{"int32s":[1]}}""", """{"scalars":{"stringValue":"a"}}""", """{"tree":{"left":{}}}"""])
            {
                data.Add("""{"more":[""", """{"more":[""", leaf, "]}");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Nested))]
    public void Messages_AreTakenAsDeepAsGooglesReaderTakesThem(string begin, string level, string leaf, string end)
    {
        var (taken, refused) = (0, 0);
        for (var depth = 1; refused < 3; depth++)
        {
            var inner = new StringBuilder(begin).Insert(begin.Length, level, depth).Append(leaf).Insert(begin.Length + level.Length * depth + leaf.Length, end, depth);
            var json = inner.Append(begin.EndsWith('[') ? "]" : "").Append('}', begin.Count(c => c == '{')).ToString();
            var wire = Google.Parse<Everything>(json).ToByteArray();

            var (ours, error) = Transcode.ToProto(Plan, Encoding.UTF8.GetBytes(json), limits: Limits);

            Assert.Equal(IsReadable(wire), error is null);
            Assert.Equal(error is null ? wire : [], ours);
            Assert.Equal(error is null ? null : JsonErrorKind.LimitExceeded, error?.Kind);
            (taken, refused) = error is null ? (taken + 1, refused) : (taken, refused + 1);
        }

        Assert.InRange(taken, 15, 100);
    }

    private static bool IsReadable(byte[] wire)
    {
        try
        {
            Everything.Parser.ParseFrom(wire);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
