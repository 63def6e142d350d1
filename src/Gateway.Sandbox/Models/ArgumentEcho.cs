using Clarifai.Api;
using Gateway.Sandbox.Models.Methods;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models;

/// <summary>Returns what it is given: one method for each type that an argument can have, to see how each travels.</summary>
internal sealed class ArgumentEcho : SandboxModel
{
    public const string Id = "argument-echo";

    public ArgumentEcho()
        : base(new ModelCard(Id, "Argument echo", "any-to-any", "Returns its argument: one method for each type that arguments can have."))
    {
        Methods =
        [
            Echo("str", DataType.Str),
            Echo("bytes", DataType.Bytes),
            Echo("int", DataType.Int),
            Echo("float", DataType.Float),
            Echo("bool", DataType.Bool),
            Echo("ndarray", DataType.Ndarray),
            Echo("json", Of(DataType.JsonData), arguments => new Data { StructValue = arguments.Json("value") }),
            Echo("text", DataType.Text),
            Echo("image", DataType.Image),
            Echo("audio", DataType.Audio),
            Echo("video", DataType.Video),
            Echo("concept", DataType.Concept),
            Echo("region", DataType.Region),
            Echo("frame", DataType.Frame),
            Echo("words", List(DataType.Str)),
            Echo("images", List(DataType.Image)),
            Echo("concepts", List(DataType.Concept)),
            Echo("pair", Of(DataType.Tuple, Of(DataType.Str), Of(DataType.Int))),
            Echo("person", Of(DataType.NamedFields, Named("name", DataType.Str), Named("age", DataType.Int))),
        ];
    }

    public override IReadOnlyList<SampleMethod> Methods { get; }

    public override Inference Predict(Data data) => new(data);

    private static SampleMethod Echo(string name, DataType type) => Echo(name, Of(type));

    private static SampleMethod Echo(string name, ModelTypeField type) => Echo(name, type, arguments => arguments.Data("value"));

    private static SampleMethod Echo(string name, ModelTypeField type, Func<MethodArguments, Data> read)
    {
        var argument = type.Clone();
        (argument.Name, argument.Required, argument.Description) = ("value", true, "What to return.");
        var result = type.Clone();
        (result.Name, result.Description) = (SampleMethod.ReturnPart, "The argument.");
        return SampleMethod.Unary($"echo_{name}", "Returns its argument.", [argument], result, arguments => new Inference(read(arguments)));
    }

    private static ModelTypeField List(DataType item) => Of(DataType.List, Of(item));

    private static ModelTypeField Of(DataType type, params ModelTypeField[] items) => new() { Type = type, TypeArgs = { items } };

    private static ModelTypeField Named(string name, DataType type) => new() { Name = name, Type = type, Required = true };
}
