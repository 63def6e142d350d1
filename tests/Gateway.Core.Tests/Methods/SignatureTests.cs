using Clarifai.Api;
using Gateway.Core.Methods;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Tests.Methods;

/// <summary>Signatures as people and as JSON Schema read them.</summary>
public sealed class SignatureTests
{
    public static TheoryData<string, string> Arguments => new()
    {
        { """{ "name": "x", "type": "STR", "required": true }""", "m(x: str) -> None" },
        { """{ "name": "x", "type": "STR", "default": "bare text" }""", "m(x: str = \"bare text\") -> None" },
        { """{ "name": "x", "type": "STR", "default": "\"quoted\"" }""", "m(x: str = \"quoted\") -> None" },
        { """{ "name": "x", "type": "STR", "default": "12" }""", "m(x: str = \"12\") -> None" },
        { """{ "name": "x", "type": "STR", "default": "null" }""", "m(x: str = None) -> None" },
        { """{ "name": "x", "type": "STR" }""", "m(x: str = \"\") -> None" },
        { """{ "name": "x", "type": "LIST", "typeArgs": [ { "type": "STR" } ] }""", "m(x: list[str] = None) -> None" },
        { """{ "name": "x", "type": "STR", "required": true, "modelTypeEnumOptions": [ { "id": "a" }, { "id": "2" } ] }""", "m(x: Literal[\"a\", \"2\"]) -> None" },
        { """{ "name": "x", "type": "INT", "default": "1", "modelTypeEnumOptions": [ { "id": "1" }, { "id": "2" } ] }""", "m(x: Literal[1, 2] = 1) -> None" },
        { """{ "name": "x", "type": "FLOAT", "default": "0.7", "modelTypeRangeInfo": { "max": 2 } }""", "m(x: float[0..2] = 0.7) -> None" },
        { """{ "name": "x", "type": "FLOAT", "default": "0.7", "modelTypeRangeInfo": { "min": 0.1, "max": 1.9 } }""", "m(x: float[0.1..1.9] = 0.7) -> None" },
        { """{ "name": "x", "type": "INT", "default": "5", "modelTypeRangeInfo": { "min": 1 } }""", "m(x: int[1..] = 5) -> None" },
        { """{ "name": "x", "type": "INT", "default": "-5", "modelTypeRangeInfo": { "max": -1 } }""", "m(x: int[..-1] = -5) -> None" },
        { """{ "name": "x", "type": "INT", "default": "5", "modelTypeRangeInfo": { } }""", "m(x: int[0..] = 5) -> None" },
        { """{ "name": "x", "type": "INT", "default": "12" }""", "m(x: int = 12) -> None" },
        { """{ "name": "x", "type": "INT", "default": "None" }""", "m(x: int = None) -> None" },
        { """{ "name": "x", "type": "FLOAT" }""", "m(x: float = None) -> None" },
        { """{ "name": "x", "type": "STR", "required": true, "iterator": true }""", "m(x: Iterator[str]) -> None" },
        { """{ "name": "x", "type": "LIST", "typeArgs": [ { "type": "IMAGE" } ], "required": true }""", "m(x: list[Image]) -> None" },
        { """{ "name": "x", "type": "TUPLE", "typeArgs": [ { "type": "INT" }, { "type": "BOOL" } ], "required": true }""", "m(x: tuple[int, bool]) -> None" },
        { """{ "name": "x", "type": "NAMED_FIELDS", "typeArgs": [ { "name": "a", "type": "JSON_DATA" } ], "required": true }""", "m(x: {a: json}) -> None" },
        { """{ "name": "x", "type": "NOT_SET", "required": true }""", "m(x: any) -> None" },
    };

    [Theory, MemberData(nameof(Arguments))]
    public void Signature_OfAnArgument_ReadsLikePython(string field, string text) =>
        Assert.Equal(text, TypeText.Of(new ModelMethod(new MethodSignature { Name = "m", InputFields = { ModelTypeField.Parser.ParseJson(field) } })));

    [Fact]
    public void Signature_OfStreamedResults_SaysSo()
    {
        var one = new MethodSignature { Name = "m", OutputFields = { Result("return", DataType.Str) } };
        var two = new MethodSignature { Name = "m", OutputFields = { Result("a", DataType.Str), Result("b", DataType.Int) } };

        Assert.Equal("m() -> Iterator[str]", TypeText.Of(new ModelMethod(one)));
        Assert.Equal("m() -> Iterator[{a: str, b: int}]", TypeText.Of(new ModelMethod(two)));

        static ModelTypeField Result(string name, DataType type) => new() { Name = name, Type = type, Iterator = true };
    }

    [Theory]
    [InlineData(DataType.Bytes, """{"type":"string","contentEncoding":"base64"}""")]
    [InlineData(DataType.Bool, """{"type":"boolean"}""")]
    [InlineData(DataType.JsonData, """{"type":["object","array"]}""")]
    [InlineData(DataType.Concept, """{"type":"object"}""")]
    [InlineData(DataType.NotSet, "{}")]
    public void Schema_OfALeaf_IsItsType(DataType type, string schema) => Assert.Equal(schema, ArgumentSchema(new ModelTypeField { Name = "x", Type = type }));

    [Fact]
    public void Schema_OfATuple_NamesEachItem() => Assert.Equal(
        """{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"minItems":2,"maxItems":2}""",
        ArgumentSchema(new ModelTypeField { Name = "x", Type = DataType.Tuple, TypeArgs = { new ModelTypeField { Type = DataType.Str }, new ModelTypeField { Type = DataType.Int } } }));

    [Theory]
    [InlineData("""{ "name": "x", "type": "INT", "modelTypeRangeInfo": { "min": 1, "max": 4096 } }""", """{"type":"integer","minimum":1,"maximum":4096}""")]
    [InlineData("""{ "name": "x", "type": "FLOAT", "modelTypeRangeInfo": { "min": -0.1, "max": 0.1 } }""", """{"type":"number","minimum":-0.1,"maximum":0.1}""")]
    [InlineData("""{ "name": "x", "type": "FLOAT", "modelTypeRangeInfo": { "min": 0.5, "max": "Infinity" } }""", """{"type":"number","minimum":0.5}""")]
    [InlineData("""{ "name": "x", "type": "STR", "default": "a", "modelTypeEnumOptions": [ { "id": "a" }, { "id": "b" } ] }""", """{"type":"string","enum":["a","b"],"default":"a"}""")]
    [InlineData("""{ "name": "x", "type": "BOOL", "modelTypeEnumOptions": [ { "id": "True" } ] }""", """{"type":"boolean","enum":[true]}""")]
    [InlineData("""{ "name": "x", "type": "INT", "modelTypeEnumOptions": [ { "id": "1" }, { "id": "many" } ] }""", """{"type":"integer"}""")]
    [InlineData("""{ "name": "x", "type": "STR" }""", """{"type":"string","default":""}""")]
    [InlineData("""{ "name": "x", "type": "STR", "required": true }""", """{"type":"string"}""")]
    [InlineData("""{ "name": "x", "type": "LIST", "typeArgs": [ { "type": "STR" } ] }""", """{"type":"array","items":{"type":"string"}}""")]
    [InlineData("""{ "name": "x", "type": "NAMED_FIELDS", "typeArgs": [ { "name": "a", "type": "STR" } ] }""", """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""")]
    public void Schema_OfAnArgument_HasWhatItsAuthorSaid(string field, string schema) => Assert.Equal(schema, ArgumentSchema(ModelTypeField.Parser.ParseJson(field)));

    [Fact]
    public void Schema_OfAResult_HasNoDefault()
    {
        var signature = new MethodSignature { Name = "m", OutputFields = { new ModelTypeField { Name = "return", Type = DataType.Str } } };

        Assert.Equal("""{"type":"string"}""", MethodSchema.OfResult(new ModelMethod(signature)).ToJsonString());
    }

    [Fact]
    public void Schema_OfTwoArgumentsOfOneName_HasTheFirst()
    {
        var signature = new MethodSignature { Name = "m", InputFields = { new ModelTypeField { Name = "x", Type = DataType.Str }, new ModelTypeField { Name = "x", Type = DataType.Int } } };

        Assert.Equal("string", (string)MethodSchema.OfArguments(new ModelMethod(signature))["properties"]!["x"]!["type"]!);
    }

    private static string ArgumentSchema(ModelTypeField field)
    {
        var schema = MethodSchema.OfArguments(new ModelMethod(new MethodSignature { Name = "m", InputFields = { field } }));
        return schema["properties"]![field.Name]!.ToJsonString();
    }
}
