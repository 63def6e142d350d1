using System.Buffers;

namespace Gateway.Api.Streams;

/// <summary>What all streams of Server-Sent Events have in common (WHATWG HTML, 9.2), whatever their events are called.</summary>
internal abstract class EventStreamFormat : StreamFormat
{
    public sealed override string MediaType => "text/event-stream";

    public sealed override void EndRecord(IBufferWriter<byte> output) => output.Write("\n\n"u8);

    public sealed override void EndStream(IBufferWriter<byte> output) => EndRecord(output);

    /// <summary>
    /// Writes a comment. No blank line after it: some readers take each for the end of an event, also of one without data.
    /// </summary>
    public sealed override void Heartbeat(IBufferWriter<byte> output) => output.Write(":\n"u8);
}
