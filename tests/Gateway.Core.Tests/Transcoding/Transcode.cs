using System.Buffers;
using System.Text;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Tests.Protos;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>Runs the two walkers over V2 messages, whole or in pieces.</summary>
internal static class Transcode
{
    public static ApiSchema Clarifai { get; } = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai);

    public static ApiSchema ProtoJson { get; } = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.ProtoJson);

    /// <summary>The messages of <c>everything.proto</c>, which have every kind of field, in the ProtoJSON dialect.</summary>
    public static ApiSchema Everything { get; } = ApiSchema.Compile([EverythingReflection.Descriptor], JsonDialect.ProtoJson);

    /// <summary>The same messages in Clarifai's dialect.</summary>
    public static ApiSchema EverythingClarifai { get; } = ApiSchema.Compile([EverythingReflection.Descriptor], JsonDialect.Clarifai);

    /// <summary>The message of <c>everything.proto</c> that a legal text is.</summary>
    public static T Read<T>(string json, ApiSchema? schema = null)
        where T : IMessage<T>, new() => (T)Parse(new T().Descriptor, json, schema ?? Everything);

    /// <summary>Why a text is no message of <c>everything.proto</c>, as a client sees it.</summary>
    public static string Refuse<T>(string json, ApiSchema? schema = null)
        where T : IMessage<T>, new()
    {
        var (wire, error) = ToProto((schema ?? Everything).Message(new T().Descriptor), Encoding.UTF8.GetBytes(json));
        Assert.True(error is not null, $"accepted {json} as {Convert.ToHexString(wire)}");
        return error.ToString();
    }

    /// <summary>JSON to wire bytes, fed in chunks of a size; the error, if there is one, instead.</summary>
    public static (byte[] Wire, JsonError? Error) ToProto(
        MessagePlan plan, ReadOnlySpan<byte> json, int chunk = int.MaxValue, JsonLimits? limits = null, ElementLimit? limit = null)
    {
        using var output = new WireWriter();
        using var transcoder = new JsonToProto(limits ?? JsonLimits.Default);
        transcoder.Begin(plan, output, limit);
        while (!json.IsEmpty && transcoder.Feed(json[..Math.Min(chunk, json.Length)]))
        {
            json = json[Math.Min(chunk, json.Length)..];
        }

        return transcoder.Complete() ? (output.Written.ToArray(), null) : ([], transcoder.Error);
    }

    /// <summary>JSON text to a message, as the upstream would read it.</summary>
    public static IMessage Parse(MessageDescriptor type, string json, ApiSchema? schema = null, int chunk = int.MaxValue)
    {
        var (wire, error) = ToProto((schema ?? Clarifai).Message(type), Encoding.UTF8.GetBytes(json), chunk);
        Assert.Null(error);
        return type.Parser.ParseFrom(wire);
    }

    /// <summary>The error of a JSON text, as a client sees it.</summary>
    public static string ErrorOf(MessageDescriptor type, string json, JsonLimits? limits = null, ElementLimit? limit = null)
    {
        var (_, error) = ToProto(Clarifai.Message(type), Encoding.UTF8.GetBytes(json), int.MaxValue, limits, limit);
        Assert.NotNull(error);
        return error.ToString();
    }

    /// <summary>Wire bytes to JSON text; the error, if there is one, instead.</summary>
    public static (string Json, JsonError? Error) ToJson(
        MessagePlan plan, ReadOnlyMemory<byte> wire, int budget = ProtoToJson.DefaultBudget, JsonLimits? limits = null)
    {
        var output = new ArrayBufferWriter<byte>();
        using var transcoder = new ProtoToJson(limits ?? JsonLimits.Default);
        transcoder.Begin(plan, wire);
        while (!transcoder.Continue(output, budget))
        {
        }

        return (Encoding.UTF8.GetString(output.WrittenSpan), transcoder.Error);
    }

    /// <summary>A message's JSON text.</summary>
    public static string Format(IMessage message, ApiSchema? schema = null)
    {
        var (json, error) = ToJson((schema ?? Clarifai).Message(message.Descriptor), message.ToByteArray());
        Assert.Null(error);
        return json;
    }
}
