using System.Text;
using Clarifai.Api;
using Gateway.Testing;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>Every message of the API with every field set, both ways, with Google.Protobuf as the reference.</summary>
public sealed class EveryMessageTests
{
    private static readonly Dictionary<string, MessageDescriptor> Types = ServiceReflection.Descriptor.Services[0].Methods
        .SelectMany(rpc => new[] { rpc.InputType, rpc.OutputType })
        .DistinctBy(type => type.FullName)
        .ToDictionary(type => type.FullName);

    public static TheoryData<string> Names() => [.. Types.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void JsonToProto_GooglesJson_IsTheSameMessage(string type)
    {
        foreach (var message in EveryField.VariantsOf(Types[type]))
        {
            var json = JsonFormatter.Default.Format(message);

            var read = Transcode.Parse(message.Descriptor, json, Transcode.ProtoJson);

            Assert.Equal(message, read);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ProtoToJson_ProtoJson_IsGooglesText(string type)
    {
        foreach (var message in EveryField.VariantsOf(Types[type]))
        {
            var json = Transcode.Format(message, Transcode.ProtoJson);

            Assert.Equal(message, JsonParser.Default.Parse(json, message.Descriptor));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void JsonToProto_OneByteAtATime_IsTheSameMessage(string type)
    {
        var message = EveryField.VariantsOf(Types[type]).First();
        var json = JsonFormatter.Default.Format(message);

        var read = Transcode.Parse(message.Descriptor, json, Transcode.ProtoJson, chunk: 1);

        Assert.Equal(message, read);
    }

    [Fact]
    public void JsonToProto_CutAnywhere_IsTheSameMessage()
    {
        var message = EveryField.VariantsOf(PostModelOutputsRequest.Descriptor).First();
        var json = Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message));
        var plan = Transcode.ProtoJson.Message(message.Descriptor);
        var whole = Transcode.ToProto(plan, json).Wire;

        for (var cut = 2; cut < 64; cut++)
        {
            Assert.Equal(whole, Transcode.ToProto(plan, json, cut).Wire);
        }
    }

    [Fact]
    public void ProtoToJson_TruncatedAnywhere_IsAnErrorOrAPrefixMessage()
    {
        var message = EveryField.VariantsOf(MultiOutputResponse.Descriptor).First();
        var wire = message.ToByteArray();
        var plan = Transcode.ProtoJson.Message(message.Descriptor);

        for (var length = 0; length < wire.Length; length++)
        {
            var (json, error) = Transcode.ToJson(plan, wire.AsMemory(0, length));

            Assert.Equal(GoogleReads(message.Descriptor, wire[..length]), error is null);
            if (error is null)
            {
                JsonParser.Default.Parse(json, message.Descriptor);
            }
        }
    }

    private static bool GoogleReads(MessageDescriptor type, byte[] wire)
    {
        try
        {
            type.Parser.ParseFrom(wire);
            return true;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            return false;
        }
    }
}
