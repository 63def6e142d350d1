using Clarifai.Api;
using static Gateway.Api.Tests.Sdk.SdkMethod;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Api.Tests.Sdk;

/// <summary>The sandbox's model that returns its arguments, as the SDK would serve it.</summary>
internal static class SdkEcho
{
    private static readonly (string Name, DataType Type, ModelTypeField[] Items)[] Types =
    [
        ("str", DataType.Str, []),
        ("bytes", DataType.Bytes, []),
        ("int", DataType.Int, []),
        ("float", DataType.Float, []),
        ("bool", DataType.Bool, []),
        ("ndarray", DataType.Ndarray, []),
        ("json", DataType.JsonData, []),
        ("text", DataType.Text, []),
        ("image", DataType.Image, []),
        ("audio", DataType.Audio, []),
        ("video", DataType.Video, []),
        ("concept", DataType.Concept, []),
        ("region", DataType.Region, []),
        ("frame", DataType.Frame, []),
        ("words", DataType.List, [Item(DataType.Str)]),
        ("images", DataType.List, [Item(DataType.Image)]),
        ("concepts", DataType.List, [Item(DataType.Concept)]),
        ("pair", DataType.Tuple, [Item(DataType.Str), Item(DataType.Int)]),
        ("person", DataType.NamedFields, [Item(DataType.Str, "name"), Item(DataType.Int, "age")]),
    ];

    /// <summary>Its methods, one for each type: <c>echo_str</c> and so on, with the argument <c>value</c>.</summary>
    public static SdkMethod[] Methods => Array.ConvertAll(Types, type =>
        Unary($"echo_{type.Name}", [Field(type.Type, "value", type.Items)], Result(type.Type, type.Items), arguments => arguments["value"]));
}
