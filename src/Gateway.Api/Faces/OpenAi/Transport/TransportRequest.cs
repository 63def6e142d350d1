using System.Runtime.InteropServices;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Methods;
using Gateway.Core.Wire;
using Google.Protobuf;
using WireType = Gateway.Core.Wire.WireType;

namespace Gateway.Api.Faces.OpenAi.Transport;

/// <summary>
/// The request to a model's transport method. Its one argument is the client's JSON as it came, with the path that it was for in front; it
/// goes from there into wire bytes, as it may hold images.
/// </summary>
internal static class TransportRequest
{
    /// <summary>The method that answers once.</summary>
    public const string Method = "openai_transport";

    /// <summary>The method that answers chunk by chunk.</summary>
    public const string StreamMethod = "openai_stream_transport";

    /// <summary>The method that a request goes to.</summary>
    /// <param name="model">The model's methods.</param>
    /// <param name="streams">Whether the answer is to be a stream: then the one that answers chunk by chunk, where there is one.</param>
    /// <returns>The method; null when the model has none.</returns>
    public static ModelMethod? Find(ModelMethods model, bool streams) =>
        (streams ? Find(model, StreamMethod, RunnerMethodType.UnaryStreaming) : null) ?? Find(model, Method, RunnerMethodType.UnaryUnary);

    /// <summary>Writes the input of a request.</summary>
    /// <param name="wire">Takes the input behind the rest of the request.</param>
    /// <param name="method">The method to call, as <see cref="Find(ModelMethods, bool)"/> found it.</param>
    /// <param name="path">Which path of OpenAI's the JSON is for, as in <c>/chat/completions</c>.</param>
    /// <param name="json">The client's JSON, an object.</param>
    public static void Write(WireWriter wire, ModelMethod method, string path, JsonElement json)
    {
        Begin(wire, PostModelOutputsRequest.InputsFieldNumber);
        Begin(wire, Input.DataFieldNumber);
        wire.WriteBytes(method.Metadata.Span);
        Begin(wire, Data.PartsFieldNumber);
        new Part { Id = method.Message!.Name }.WriteTo(wire);
        Begin(wire, Part.DataFieldNumber);
        Begin(wire, Data.StringValueFieldNumber);
        WriteMessage(wire, path, JsonMarshal.GetRawUtf8Value(json));
        for (var open = 0; open < 5; open++)
        {
            wire.EndLength();
        }
    }

    private static ModelMethod? Find(ModelMethods model, string name, RunnerMethodType kind) =>
        model.Find(name) is { Message: not null } method && method.Kind == kind ? method : null;

    private static void WriteMessage(WireWriter wire, string path, ReadOnlySpan<byte> json)
    {
        var members = json[1..];
        wire.WriteBytes("{\""u8);
        wire.WriteBytes(System.Text.Encoding.UTF8.GetBytes(OpenAiRequest.EndpointMember));
        wire.WriteBytes("\":\""u8);
        wire.WriteBytes(System.Text.Encoding.UTF8.GetBytes(path));
        wire.WriteBytes(members.TrimStart(" \t\r\n"u8) is [(byte)'}', ..] ? "\""u8 : "\","u8);
        wire.WriteBytes(members);
    }

    private static void Begin(WireWriter wire, int field)
    {
        wire.WriteTag(new WireTag(field, WireType.LengthDelimited));
        wire.BeginLength();
    }
}
