using System.Text;
using Clarifai.Api;
using Gateway.Core.Methods;
using Gateway.Core.Wire;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Tests.Methods;

/// <summary>What the arguments of a body take in memory, those in it that cost most. All that is allocated counts, garbage as well, which is more than is ever held.</summary>
public sealed class ArgumentMemoryTests
{
    private const int BodyBytes = 4 * 1024 * 1024;

    // Kestrel hands bodies on in pieces of this size.
    private const int ChunkBytes = 4096;

    private static readonly ModelTypeField Named = Type(DataType.NamedFields, Field("a", DataType.Int), Field("b", DataType.Str));

    public static TheoryData<string, ModelTypeField, string, string, string> Bodies => new()
    {
        { "empty texts", List(Type(DataType.Str)), "[", "\"\",", "\"\"]" },
        { "digits", List(Type(DataType.Int)), "[", "1,", "1]" },
        { "digits as floats", List(Type(DataType.Float)), "[", "1,", "1]" },
        { "truth values", List(Type(DataType.Bool)), "[", "true,", "true]" },
        { "empty lists", List(List(Type(DataType.Str))), "[", "[],", "[]]" },
        { "empty objects", List(Type(DataType.JsonData)), "[", "{},", "{}]" },
        { "empty concepts", List(Type(DataType.Concept)), "[", "{},", "{}]" },
        { "empty regions", List(Type(DataType.Region)), "[", "{},", "{}]" },
        { "named fields", List(Named), "[", """{"a":1,"b":""},""", """{"a":1,"b":""}]""" },
        { "pairs", List(Type(DataType.Tuple, Type(DataType.Int), Type(DataType.Str))), "[", """[1,""],""", """[1,""]]""" },
        { "texts as json", Type(DataType.JsonData), "[", "\"\",", "\"\"]" },
        { "digits as json", Type(DataType.JsonData), "[", "1,", "1]" },
        { "objects as json", Type(DataType.JsonData), "[", "{},", "{}]" },
        { "nested json", Type(DataType.JsonData), "[", $"{new string('[', 40)}{new string(']', 40)},", "1]" },
        { "an array", Type(DataType.Ndarray), "[", "1,", "1]" },
        { "an array of arrays", Type(DataType.Ndarray), "[", "[1],", "[1]]" },
        { "an array of empty ones", Type(DataType.Ndarray), "[", "[],", "[]]" },
        { "an array of floats", Type(DataType.Ndarray), """{"dtype":"float64","data":[""", "1,", "1]}" },
        { "an array's buffer", Type(DataType.Ndarray), """{"dtype":"uint8","buffer":" """.TrimEnd(), "AAAA", "\"}" },
        { "a text", Type(DataType.Str), "\"", "hello ", "\"" },
        { "a text of escapes", Type(DataType.Str), "\"", "\\n", "\"" },
        { "an image", Type(DataType.Image), "\"", "AAAA", "\"" },
        { "an image as an object", Type(DataType.Image), "{\"base64\":\"", "AAAA", "\"}" },
    };

    [Theory, MemberData(nameof(Bodies))]
    public void Body_TakesAtMostEightTimesItsBytes(string what, ModelTypeField type, string start, string item, string end)
    {
        var text = new StringBuilder("{\"value\":").Append(start);
        while (text.Length < BodyBytes)
        {
            text.Append(item);
        }

        AssertFrugal(what, type, text.Append(end).Append('}').ToString());
    }

    [Fact]
    public void Names_TakeAtMostEightTimesTheirBytes()
    {
        var text = new StringBuilder("{\"value\":{\"x\":0");
        for (var name = 0; text.Length < BodyBytes; name++)
        {
            text.Append($",\"{Convert.ToBase64String(BitConverter.GetBytes(name))[..5]}\":1");
        }

        AssertFrugal("names", Type(DataType.JsonData), text.Append("}}").ToString());
    }

    [Fact]
    public void Values_ThatWouldTakeMore_AreRefused()
    {
        var array = List(Type(DataType.Ndarray));
        array.Name = "value";
        var method = new ModelMethod(new MethodSignature { Name = "m", InputFields = { array } });

        Assert.Null(ArgumentText.ErrorIn(method, Digits(10_000), ChunkBytes));
        Assert.Equal("value: its values take more than 8 times the bytes of their JSON", ArgumentText.ErrorIn(method, Digits(1_000_000), ChunkBytes));
    }

    private static string Digits(int count) => $"{{\"value\":[{string.Join(',', Enumerable.Repeat('1', count))}]}}";

    private static void AssertFrugal(string what, ModelTypeField type, string json)
    {
        type.Name = "value";
        var method = new ModelMethod(new MethodSignature { Name = "m", InputFields = { type } });
        var body = Encoding.UTF8.GetBytes(json);
        Read(method, "{}"u8.ToArray()); // compiles

        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(method, body);

        var times = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / body.Length;
        Assert.True(times <= 8, $"{what}: {times:0.00} times the body");
    }

    private static void Read(ModelMethod method, byte[] body)
    {
        using var pool = new SegmentPool(TimeProvider.System);
        using var wire = new WireWriter(pool);
        using var reader = new ArgumentReader(method, ArgumentText.Plans, wire, pool, maxInputs: 0);
        reader.Begin();
        for (var at = 0; at < body.Length; at += ChunkBytes)
        {
            reader.Feed(body.AsSpan(at, Math.Min(ChunkBytes, body.Length - at)));
        }

        reader.Complete();

        Assert.Null(reader.Error);
        Assert.Null(reader.Wrong);
    }

    private static ModelTypeField Type(DataType type, params ModelTypeField[] items) => new() { Type = type, TypeArgs = { items } };

    private static ModelTypeField List(ModelTypeField item) => Type(DataType.List, item);

    private static ModelTypeField Field(string name, DataType type) => new() { Name = name, Type = type };
}
