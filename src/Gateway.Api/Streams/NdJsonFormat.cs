using System.Buffers;

namespace Gateway.Api.Streams;

/// <summary>Newline-delimited JSON: one message per line, then one line that says how the stream ended.</summary>
/// <param name="mediaType">The name that the client knows it by.</param>
internal sealed class NdJsonFormat(string mediaType = "application/x-ndjson") : StreamFormat
{
    public override string MediaType => mediaType;

    public override void BeginMessage(IBufferWriter<byte> output, long id, StreamRecord record)
    {
    }

    public override void EndRecord(IBufferWriter<byte> output) => output.Write("\n"u8);

    public override void BeginLast(IBufferWriter<byte> output, long id, bool failed)
    {
    }

    public override void EndStream(IBufferWriter<byte> output) => EndRecord(output);

    // White space before the next line's JSON; an empty line would be a record to some readers.
    public override void Heartbeat(IBufferWriter<byte> output) => output.Write(" "u8);
}
