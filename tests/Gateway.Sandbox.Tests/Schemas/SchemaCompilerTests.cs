using System.Text.Json.Nodes;
using Gateway.Sandbox.Schemas;

namespace Gateway.Sandbox.Tests.Schemas;

public class SchemaCompilerTests
{
    [Theory]
    [InlineData("5", "In context=(), a schema is an object, true or false.")]
    [InlineData("false", "In context=(), no value of at most 64 levels is valid by it.")]
    [InlineData("""{"type":"colour"}""", "In context=(), 'colour' is no type.")]
    [InlineData("""{"type":7}""", "In context=(), 'type' is the name of a type or a list of them.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":5}}}""", "In context=('properties', 'a', 'items'), a schema is an object, true or false.")]
    [InlineData("""{"properties":{"a":{"not":{}}}}""", "In context=('properties', 'a'), 'not' is not supported by this model.")]
    [InlineData("""{"type":"object","required":"a"}""", "In context=(), 'properties' is an object, 'required' a list of names.")]
    [InlineData("""{"type":"object","required":["a"],"additionalProperties":false}""", "In context=(), 'a' is required, but no property.")]
    [InlineData("""{"enum":[]}""", "In context=(), 'enum' is a list of values of the type.")]
    [InlineData("""{"type":"string","enum":[1]}""", "In context=(), 'enum' is a list of values of the type.")]
    [InlineData("""{"anyOf":[]}""", "In context=(), 'anyOf' is a list of schemas.")]
    [InlineData("""{"anyOf":[{"type":"string"}],"properties":{}}""", "In context=(), 'anyOf' together with 'properties' is not supported by this model.")]
    [InlineData("""{"allOf":[{},{}]}""", "In context=(), 'allOf' of several schemas is not supported by this model.")]
    [InlineData("""{"$ref":"#/$defs/a"}""", "In context=(), '$ref' leads to no place in the schema.")]
    [InlineData("""{"$ref":"other.json"}""", "In context=(), '$ref' leads to no place in the schema.")]
    [InlineData("""{"$ref":"#"}""", "In context=(), no value of at most 64 levels is valid by it.")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""", "In context=(), no value of at most 64 levels is valid by it.")]
    [InlineData("""{"type":"string","minLength":3,"maxLength":2}""", "In context=(), 'minLength' and 'maxLength' are whole numbers from 0, the first not above the second.")]
    [InlineData("""{"type":"array","minItems":-1}""", "In context=(), 'minItems' and 'maxItems' are whole numbers from 0, the first not above the second.")]
    [InlineData("""{"type":"integer","minimum":1.1,"maximum":1.9}""", "In context=(), no number is within 'minimum', 'maximum' and 'multipleOf'.")]
    [InlineData("""{"type":"integer","minimum":"1"}""", "In context=(), 'minimum' is a number, and lets one of at most 1000000000000000 be.")]
    [InlineData("""{"type":"number","maximum":-1e300}""", "In context=(), 'maximum' is a number, and lets one of at most 1000000000000000 be.")]
    [InlineData("""{"type":"number","multipleOf":0}""", "In context=(), 'multipleOf' is a number from 0.000001, of integers a whole one.")]
    public void Schema_ThatCannotBeHonoured_IsAnError(string schema, string error) => Assert.Equal(error, ErrorOf(schema, strict: false));

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("[^a]")]
    [InlineData("a{101}")]
    [InlineData("\\bword")]
    [InlineData("^a|b$")]
    [InlineData("(")]
    [InlineData("[z-a]")]
    [InlineData("a{2")]
    [InlineData("*")]
    public void Pattern_ThatNoTextIsMadeBy_IsAnError(string pattern)
    {
        var schema = new JsonObject { ["type"] = "string", ["pattern"] = pattern };

        Assert.StartsWith("In context=(), 'pattern' is none that this model can write by", ErrorOf(schema.ToJsonString(), strict: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "In context=(), schema must be a JSON Schema of type \"object\".")]
    [InlineData("""{"type":"object","properties":{}}""", "In context=(), 'additionalProperties' is required to be supplied and to be false.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object"}},"required":["a"],"additionalProperties":false}""", "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.")]
    [InlineData("""{"type":"object","properties":{"a":{},"b":{}},"required":["a"],"additionalProperties":false}""", "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'.")]
    public void Schema_ThatStrictModeDoesNotTake_IsAnError(string schema, string error)
    {
        Assert.Equal(error, ErrorOf(schema, strict: true));
        Assert.Null(ErrorOf(schema, strict: false));
    }

    [Fact]
    public void Schema_OfManyDefinitionsInAChain_IsAnError()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 20_000).Select(index => $$$"""
            "d{{{index}}}":{"type":"object","properties":{"a":{"$ref":"#/$defs/d{{{index + 1}}}"}},"required":["a"]}
            """));

        var error = ErrorOf("""{"$ref":"#/$defs/d0","$defs":{""" + definitions + ""","d20000":{"type":"string"}}}""", strict: false);

        Assert.Equal("In context=(), no value of at most 64 levels is valid by it.", error);
    }

    private static string? ErrorOf(string schema, bool strict)
    {
        SchemaCompiler.TryCompile(JsonNode.Parse(schema)!, strict, out _, out var error);
        return error;
    }
}
