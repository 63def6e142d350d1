using System.Text.Json.Nodes;
using Gateway.Sandbox.Schemas;
using Gateway.Sandbox.Text;
using Gateway.Testing;

namespace Gateway.Sandbox.Tests.Schemas;

public class SchemaWriterTests
{
    private static readonly TextContinuation Coast = new(NgramModel.Learn(EmbeddedText.Read("coast.txt")));

    private static readonly string[] Schemas =
    [
        """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"},"c":{"type":"number"},"d":{"type":"boolean"},"e":{"type":"null"}},"required":["a","b","c","d","e"],"additionalProperties":false}""",
        """{"type":"object","properties":{"a":{"type":"string"}},"required":["a","b"]}""",
        """{"type":"object","additionalProperties":{"type":"integer"}}""",
        """{"type":"string","minLength":40,"maxLength":45}""",
        """{"type":"string","maxLength":3}""",
        """{"type":"string","maxLength":0}""",
        """{"enum":["red",2,null,{"a":[1]}]}""",
        """{"type":["integer","null"],"enum":["red",2.0,null]}""",
        """{"const":{"a":"it's <b> \u00e9"}}""",
        """{"type":["string","null"],"minLength":2}""",
        """{"type":"integer","minimum":5,"maximum":7}""",
        """{"type":"integer","exclusiveMinimum":5,"exclusiveMaximum":7}""",
        """{"type":"integer","minimum":-2.5,"maximum":-1.5}""",
        """{"type":"integer","multipleOf":7,"maximum":-100}""",
        """{"type":"number","minimum":0.001,"maximum":0.002}""",
        """{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}""",
        """{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.0001}""",
        """{"type":"number","minimum":1e15}""",
        """{"type":"integer","minimum":-9007199254740991,"maximum":9007199254740991}""",
        """{"type":"number","minimum":-1e300,"maximum":1e300}""",
        """{"type":"array","items":{"type":"boolean"},"minItems":5,"maxItems":5}""",
        """{"type":"array","items":{"enum":["a","b","c"]},"minItems":3,"uniqueItems":true}""",
        """{"type":"array","maxItems":0}""",
        """{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false,"minItems":2}""",
        """{"anyOf":[{"type":"string"},{"type":"object","properties":{"x":{"oneOf":[{"type":"integer"},{"type":"null"}]}},"required":["x"]}]}""",
        """{"$defs":{"node":{"type":"object","properties":{"name":{"type":"string"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},"required":["name","next"],"additionalProperties":false}},"$ref":"#/$defs/node"}""",
        """{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}}},"required":["children"]}""",
        """{"type":"object","properties":{"a/b":{"type":"integer","maximum":1},"copy":{"$ref":"#/properties/a~1b"}},"required":["a/b","copy"]}""",
        """{"type":"string","format":"date-time"}""",
        """{"type":"string","format":"date"}""",
        """{"type":"string","format":"time"}""",
        """{"type":"string","format":"duration"}""",
        """{"type":"string","format":"email"}""",
        """{"type":"string","format":"hostname"}""",
        """{"type":"string","format":"uri"}""",
        """{"type":"string","format":"ipv4"}""",
        """{"type":"string","format":"ipv6"}""",
        """{"type":"string","format":"uuid"}""",
        """{"type":"string","pattern":"^[A-Z]{2}-\\d{4}$"}""",
        """{"type":"string","pattern":"^(ab|c+)?[x-z_.]*\\.w{2,}$"}""",
        """{"type":"string","pattern":"id:\\w+"}""",
        """{"allOf":[{"type":"integer"}]}""",
        "{}",
        "true",
    ];

    [Fact]
    public async Task Value_IsValidByItsSchema()
    {
        var pairs = Schemas.SelectMany(schema => Enumerable.Range(0, 8).Select(seed => (Schema: schema, Value: Write(schema, seed)))).ToList();
        var asked = new JsonArray([.. pairs.Select(pair => (JsonNode)new JsonObject { ["schema"] = JsonNode.Parse(pair.Schema), ["value"] = JsonNode.Parse(pair.Value) })]);

        await using var judge = await NodeProgram.StartAsync("schema-check.js", asked.ToJsonString());
        var wrong = JsonNode.Parse(await judge.ReadLineAsync())!.AsArray().Zip(pairs).Where(one => one.First is not null);

        Assert.Empty(wrong.Select(one => $"{one.First}: {one.Second.Value} by {one.Second.Schema}"));
    }

    [Fact]
    public void Value_OfTheSameSeed_IsTheSame_AndOfOthersVaries()
    {
        Assert.Equal(Write(Schemas[0], 3), Write(Schemas[0], 3));
        Assert.True(Enumerable.Range(0, 10).Select(seed => Write(Schemas[0], seed)).Distinct().Count() > 5);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"},"b":{"$ref":"#"},"c":{"$ref":"#"},"d":{"$ref":"#"},"e":{"$ref":"#"},"f":{"$ref":"#"}}}""")]
    [InlineData("""{"type":"array","items":{"$ref":"#"}}""")]
    [InlineData("""{"type":"object","properties":{"l":{"anyOf":[{"$ref":"#"},{"type":"null"}]},"r":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["l","r"]}""")]
    public void Value_OfASchemaThatLeadsIntoItself_StaysSmall(string schema)
    {
        Assert.All(Enumerable.Range(0, 30), seed => Assert.InRange(Write(schema, seed).Length, 2, SchemaWriter.MaxLength));
    }

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"string"},"minItems":1000000000}""", "the answer would be longer than the 16384 characters that this model writes")]
    [InlineData("""{"type":"string","minLength":1000000000}""", "the answer would be longer than the 16384 characters that this model writes")]
    [InlineData("""{"type":"array","items":{"type":"boolean"},"minItems":3,"uniqueItems":true}""", "this model finds no 3 different items for ''")]
    [InlineData("""{"type":"string","pattern":"^a{5}$","maxLength":3}""", "this model finds no text for '' of its 'format' or 'pattern' and length")]
    [InlineData("""{"type":"string","pattern":"^(((((a{0}){100}){100}){100}){100}){100}b$"}""", "this model finds no text for '' of its 'format' or 'pattern' and length")]
    public void Value_ThatCannotBeWritten_IsAnError(string schema, string error)
    {
        Assert.True(SchemaCompiler.TryCompile(JsonNode.Parse(schema)!, strict: false, out var root, out var fault), fault);

        Assert.False(TryWrite(root, 0, out _, out fault));
        Assert.Equal(error, fault);
    }

    [Fact]
    public void Value_OfDefinitionsThatDoubleEachTime_IsAnError()
    {
        var levels = Enumerable.Range(0, 20).Select(level => $$$"""
            "d{{{level}}}":{"type":"object","properties":{"a":{"$ref":"#/$defs/d{{{level + 1}}}"},"b":{"$ref":"#/$defs/d{{{level + 1}}}"}},"required":["a","b"]}
            """);

        Value_ThatCannotBeWritten_IsAnError(
            """{"$ref":"#/$defs/d0","$defs":{""" + string.Join(',', levels) + ""","d20":{"type":"string"}}}""",
            "the answer would be longer than the 16384 characters that this model writes");
    }

    private static string Write(string schema, int seed)
    {
        Assert.True(SchemaCompiler.TryCompile(JsonNode.Parse(schema)!, strict: false, out var root, out var error), error);
        Assert.True(TryWrite(root, seed, out var json, out error), error);
        return json!;
    }

    private static bool TryWrite(SchemaNode root, int seed, out string? json, out string? error)
    {
        var random = new Random(seed);
        return SchemaWriter.TryWrite(root, random, new WordStream(Coast, "The sea", new GenerationSettings(64, 0.7, seed), random), null, out json, out error);
    }
}
