using Clarifai.Api;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Api.Tests.Sdk;

/// <summary>Runs a method: its arguments by name, as <see cref="SdkValues"/> has them; what it yields are its results, one for a method that does not stream.</summary>
internal delegate IEnumerable<object?> SdkRun(IReadOnlyDictionary<string, object?> arguments);

/// <summary>A method of a model: its signature, and what runs it. Of several results, each yield is a dictionary.</summary>
internal sealed record SdkMethod(MethodSignature Signature, SdkRun Run)
{
    /// <summary>A method that answers once.</summary>
    public static SdkMethod Unary(string name, ModelTypeField[] arguments, ModelTypeField result, Func<IReadOnlyDictionary<string, object?>, object?> run) =>
        new(Describe(name, RunnerMethodType.UnaryUnary, arguments, result), values => [run(values)]);

    /// <summary>A method that answers with a stream.</summary>
    public static SdkMethod Streaming(string name, ModelTypeField[] arguments, ModelTypeField result, SdkRun run) =>
        new(Describe(name, RunnerMethodType.UnaryStreaming, arguments, result), run);

    /// <summary>A method of the kind that carries another protocol: text in under one argument, whatever its name, and text out.</summary>
    public static SdkMethod Transport(string name, string argument, Func<string, string> run) =>
        Unary(name, [Field(DataType.Str, argument)], Result(DataType.Str), values => run((string)values[argument]!));

    /// <summary>A required field.</summary>
    public static ModelTypeField Field(DataType type, string name, params ModelTypeField[] items) => new() { Type = type, Name = name, Required = true, TypeArgs = { items } };

    /// <summary>The type of an item of a list or a tuple, or of a named field. The SDK calls none of them required.</summary>
    public static ModelTypeField Item(DataType type, string name = "", params ModelTypeField[] items) => new() { Type = type, Name = name, TypeArgs = { items } };

    /// <summary>The result of a method that has one.</summary>
    public static ModelTypeField Result(DataType type, params ModelTypeField[] items) => Field(type, "return", items);

    private static MethodSignature Describe(string name, RunnerMethodType kind, ModelTypeField[] arguments, ModelTypeField result)
    {
        result.Iterator = kind != RunnerMethodType.UnaryUnary;
        return new MethodSignature { Name = name, MethodType = kind, InputFields = { arguments }, OutputFields = { result } };
    }
}
