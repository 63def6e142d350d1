using Clarifai.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Sandbox.Tests;

/// <summary>Requests as clients make them.</summary>
internal static class Requests
{
    public static PostModelOutputsRequest Of(string modelId, params Input[] inputs) => new() { ModelId = modelId, Inputs = { inputs } };

    public static Input Text(string text) => new() { Data = new Data { Text = new Clarifai.Api.Text { Raw = text } } };

    public static Input ImageBytes(byte[] bytes) => new() { Data = new Data { Image = new Image { Base64 = ByteString.CopyFrom(bytes) } } };

    public static Input ImageUrl(string url) => new() { Data = new Data { Image = new Image { Url = url } } };

    public static Input Method(string name, params (string Name, Data Value)[] arguments) => new()
    {
        Data = new Data
        {
            Metadata = new Struct { Fields = { ["_method_name"] = Value.ForString(name) } },
            Parts = { arguments.Select(argument => new Part { Id = argument.Name, Data = argument.Value }) },
        },
    };

    public static Data Str(string value) => new() { StringValue = value };

    public static Data Int(long value) => new() { IntValue = value };

    public static Data Float(double value) => new() { FloatValue = value };

    public static Data Json(string json) => new() { StructValue = Struct.Parser.ParseJson(json) };
}
