using Gateway.Core.Json;
using Gateway.Core.Schema;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Reference;

/// <summary>A JSON dialect: our plans for it, and what is right in it, for Google.Protobuf to say.</summary>
internal abstract class Dialect(JsonDialect dialect)
{
    public static Dialect ProtoJson { get; } = new ProtoJsonDialect();

    public static Dialect Clarifai { get; } = new ClarifaiDialect();

    public abstract string Name { get; }

    public ApiSchema Schema { get; } = ApiSchema.Compile(Types.Files, dialect);

    /// <summary>Reads a text that is JSON. False when the reference cannot tell.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="json">The text.</param>
    /// <param name="message">The message; null when the text is to be refused.</param>
    public abstract bool TryRead(MessageDescriptor type, byte[] json, out IMessage? message);

    /// <summary>Writes a message; null when it cannot be written as JSON.</summary>
    public abstract string? Write(IMessage message);
}
