using System.Runtime.InteropServices;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Methods;
using Gateway.Core.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using WireType = Gateway.Core.Wire.WireType;

namespace Gateway.Api.OpenAi.Transport;

/// <summary>
/// The request to a model's transport method. Its one argument <c>msg</c> is the client's JSON as it came, with the path that it was for in front; it goes
/// from there into wire bytes, as it may hold images.
/// </summary>
internal static class TransportRequest
{
    /// <summary>The method that answers once.</summary>
    public const string Method = "openai_transport";

    /// <summary>The method that answers chunk by chunk.</summary>
    public const string StreamMethod = "openai_stream_transport";

    private const string Argument = "msg";

    /// <summary>Writes a request.</summary>
    /// <param name="wire">Where to.</param>
    /// <param name="head">The request without its input.</param>
    /// <param name="method">The method to call.</param>
    /// <param name="path">Which path of OpenAI's the JSON is for, as in <c>/chat/completions</c>.</param>
    /// <param name="json">The client's JSON, an object.</param>
    public static void Write(WireWriter wire, PostModelOutputsRequest head, string method, string path, JsonElement json)
    {
        var metadata = new Data { Metadata = new Struct { Fields = { [ArgumentSet.MethodNameKey] = Value.ForString(method) } } };
        head.WriteTo(wire);
        Begin(wire, PostModelOutputsRequest.InputsFieldNumber);
        Begin(wire, Input.DataFieldNumber);
        metadata.WriteTo(wire);
        Begin(wire, Data.PartsFieldNumber);
        new Part { Id = Argument }.WriteTo(wire);
        Begin(wire, Part.DataFieldNumber);
        Begin(wire, Data.StringValueFieldNumber);
        WriteMessage(wire, path, JsonMarshal.GetRawUtf8Value(json));
        for (var open = 0; open < 5; open++)
        {
            wire.EndLength();
        }
    }

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
