using System.Buffers;

namespace Gateway.Api.Streams;

/// <summary>One JSON array: an element per message, then one that says how the stream ended. Valid JSON even when it failed.</summary>
internal sealed class JsonArrayFormat : StreamFormat
{
    public override string MediaType => "application/json";

    public override void BeginMessage(IBufferWriter<byte> output, long id, StreamRecord record) => Separate(output, id);

    public override void EndRecord(IBufferWriter<byte> output)
    {
    }

    public override void BeginLast(IBufferWriter<byte> output, long id, bool failed) => Separate(output, id);

    public override void EndStream(IBufferWriter<byte> output) => output.Write("]\n"u8);

    public override void Heartbeat(IBufferWriter<byte> output) => output.Write(" "u8);

    private static void Separate(IBufferWriter<byte> output, long id) => output.Write(id == 1 ? "["u8 : ",\n"u8);
}
