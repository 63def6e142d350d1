using Gateway.Core.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Reference;

/// <summary>ProtoJSON: what Google's parser and formatter do by default.</summary>
internal sealed class ProtoJsonDialect() : Dialect(JsonDialect.ProtoJson)
{
    public override string Name => "ProtoJson";

    public override bool TryRead(MessageDescriptor type, byte[] json, out IMessage? message)
    {
        message = GoogleProtobuf.ReadJson(type, json);
        return true;
    }

    public override string? Write(IMessage message) => GoogleProtobuf.WriteJson(message);
}
