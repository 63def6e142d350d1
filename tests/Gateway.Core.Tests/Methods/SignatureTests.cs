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
