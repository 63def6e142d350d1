using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Api.Streams;

/// <summary>One JSON array: an element per message, then one that says how the stream ended. Valid JSON even when it failed.</summary>
internal sealed class JsonArrayFormat : StreamFormat
{
    /// <inheritdoc/>
    public override string MediaType => "application/json";

    /// <inheritdoc/>
    public override void BeginMessage(PipeWriter output, long id, StreamRecord record) => Separate(output, id);

    /// <inheritdoc/>
    public override void EndRecord(PipeWriter output)
    {
    }

    /// <inheritdoc/>
    public override void BeginLast(PipeWriter output, long id, bool failed) => Separate(output, id);

    /// <inheritdoc/>
    public override void EndStream(PipeWriter output) => output.Write("]\n"u8);

    /// <inheritdoc/>
    public override void Heartbeat(PipeWriter output) => output.Write(" "u8);

    private static void Separate(PipeWriter output, long id) => output.Write(id == 1 ? "["u8 : ",\n"u8);
}
