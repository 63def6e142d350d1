using System.Buffers;
using System.Text;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Tests.Protos;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>Each limit of a text: what is exactly at it is read, one more is refused and the limit named, however the text is cut.</summary>
public sealed class JsonLimitTests
{
    private static readonly MessagePlan Plan = Transcode.EverythingClarifai.Message(Everything.Descriptor);

    /// <summary>Texts that nest as deep as is said: in messages, in free JSON, in what nobody reads.</summary>
    public static TheoryData<string, int> Nested => new()
    {
        { """{"tree":{"left":{"right":{"children":[{}]}}}}""", 6 },
        { """{"well_known":{"struct":{"a":{"b":[[1]]}}}}""", 6 },
        { """{"well_known":{"list_value":[[[[]]]]}}""", 6 },
        { """{"well_known":{"any":{"tree":{"children":[{}]},"@type":"a/gateway.tests.Everything"}}}""", 6 },
        { """{"unknown":[{"a":[{"b":{}}]}]}""", 6 },
        { """{"lists":{"int32s":[1]}}""", 3 },
    };

    /// <summary>Texts of seven members and elements; the whole is neither.</summary>
    public static TheoryData<string> SevenValues =>
    [
        """{"scalars":{"int32_value":1,"bool_value":true,"string_value":"a"},"tree":{},"odd":{"far":1}}""",
        """{"lists":{"int32s":[1,2,3,4,5]}}""",
        """{"unknown":[1,[],{},null,"a",false]}""",
        """{"well_known":{"struct":{"a":[1,{"b":2}],"c":null}}}""",
    ];

    [Theory]
    [MemberData(nameof(Nested))]
    public void Depth_AtTheLimit_IsReadAndOneMoreRefused(string json, int depth) =>
        AssertLimit(json, new JsonLimits { MaxDepth = depth }, new JsonLimits { MaxDepth = depth - 1 }, $"nested more than {depth - 1} deep");

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void Depth_BeyondAWordOfBits_IsCountedAlike(int depth)
    {
        var json = string.Concat(Enumerable.Repeat("{\"unknown\":[", depth / 2)) + (depth % 2 == 0 ? "0" : "{}") + string.Concat(Enumerable.Repeat("]}", depth / 2));

        AssertLimit(json, new JsonLimits { MaxDepth = depth }, new JsonLimits { MaxDepth = depth - 1 }, $"nested more than {depth - 1} deep", step: 7);
    }

    [Theory]
    [MemberData(nameof(SevenValues))]
    public void Values_AtTheLimit_AreReadAndOneMoreRefused(string json) =>
        AssertLimit(json, new JsonLimits { MaxValues = 7 }, new JsonLimits { MaxValues = 6 }, "more than 6 values");

    [Theory]
    [InlineData("""{"scalars":{"string_value":"12345678"}}""")]
    [InlineData("""{"scalars":{"string_value":"1234\n67\u0038"}}""")]
    [InlineData("""{"scalars":{"string_value":"123456ä"}}""")]
    [InlineData("""{"lists":{"strings":["12345678"]}}""")]
    [InlineData("""{"maps":{"by_string":{"a":"12345678"}}}""")]
    [InlineData("""{"well_known":{"string_wrapper":"12345678"}}""")]
    [InlineData("""{"well_known":{"struct":{"a":"12345678"}}}""")]
    public void String_AtTheLimit_IsReadAndOneByteMoreRefused(string json) =>
        AssertLimit(json, new JsonLimits { MaxStringBytes = 8 }, new JsonLimits { MaxStringBytes = 7 }, "a string of more than 7 bytes");

    [Fact]
    public void String_LongerThanAPart_IsCountedAsAWhole()
    {
        var json = $$"""{"scalars":{"string_value":"{{new string('a', 9_999)}}é"} }""";

        AssertLimit(json, new JsonLimits { MaxStringBytes = 10_001 }, new JsonLimits { MaxStringBytes = 10_000 }, "a string of more than 10000 bytes", step: 997);
    }

    [Fact]
    public void Bytes_LongerThanAString_AreRead() =>
        AssertReads("""{"scalars":{"bytes_value":"AAAAAAAAAAAA"}}""", new JsonLimits { MaxStringBytes = 1 }, step: 1);

    [Theory]
    [InlineData("""{"scalars":{"int32_value":1234567}}""")]
    [InlineData("""{"unknown":-1.5e10}""")]
    public void Number_AtTheLimit_IsReadAndOneByteMoreRefused(string json) =>
        AssertLimit(json, new JsonLimits { MaxNumberBytes = 7 }, new JsonLimits { MaxNumberBytes = 6 }, "a number of more than 6 bytes");

    [Theory]
    [InlineData("""{"12345678":1}""")]
    [InlineData("""{"123456\u00e4":1}""")]
    [InlineData("""{"odd":{},"maps":{"by_int32":{"12345678":1}}}""")]
    [InlineData("""{"odd":{"far":"1.000000"}}""")]
    public void Name_AtTheLimit_IsReadAndOneByteMoreRefused(string json) =>
        AssertLimit(json, new JsonLimits { MaxNameBytes = 8 }, new JsonLimits { MaxNameBytes = 7 }, "a name or text of more than 7 bytes");

    [Theory]
    [InlineData("[[[]]]", 3)]
    [InlineData("""{"a":[{}]}""", 3)]
    [InlineData("{}", 1)]
    public void JsonTextReader_DepthAtTheLimit_IsReadAndOneMoreRefused(string json, int depth)
    {
        Assert.Null(Read(json, new JsonLimits { MaxDepth = depth }));
        Assert.Equal($"nested more than {depth - 1} deep", Read(json, new JsonLimits { MaxDepth = depth - 1 }));
    }

    [Theory]
    [InlineData("[1,2,3]")]
    [InlineData("""{"a":[1],"b":{}}""")]
    public void JsonTextReader_ValuesAtTheLimit_AreReadAndOneMoreRefused(string json)
    {
        Assert.Null(Read(json, new JsonLimits { MaxValues = 3 }));
        Assert.Equal("more than 2 values", Read(json, new JsonLimits { MaxValues = 2 }));
    }

    private static void AssertLimit(string json, JsonLimits at, JsonLimits below, string error, int step = 1)
    {
        AssertReads(json, at, step);
        var utf8 = Encoding.UTF8.GetBytes(json);
        for (var chunk = step; chunk < utf8.Length + step; chunk += step)
        {
            var refused = Transcode.ToProto(Plan, utf8, chunk, below).Error;

            Assert.Equal((JsonErrorKind.LimitExceeded, error), (refused?.Kind, refused?.Message));
        }
    }

    private static void AssertReads(string json, JsonLimits limits, int step)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        for (var chunk = step; chunk < utf8.Length + step; chunk += step)
        {
            Assert.Null(Transcode.ToProto(Plan, utf8, chunk, limits).Error);
        }
    }

    private static string? Read(string json, JsonLimits limits)
    {
        using var reader = new JsonTextReader(limits, ArrayPool<byte>.Shared);
        reader.Begin();
        reader.Feed(Encoding.UTF8.GetBytes(json));
        using var document = reader.Complete();
        Assert.Equal(reader.Error is null, document is not null);
        return reader.Error?.Message;
    }
}
