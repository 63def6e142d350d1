using System.Buffers;
using System.IO.Pipelines;
using Gateway.Api.Streaming;

namespace Gateway.Api.OpenAi;

/// <summary>Server-Sent Events (WHATWG HTML, 9.2) as OpenAI's clients read them: no ids, as nobody comes back for a stream.</summary>
internal abstract class OpenAiEventFormat : StreamFormat
{
    /// <summary>Begins the event that says why a stream failed.</summary>
    protected static ReadOnlySpan<byte> ErrorEvent => "event: error\ndata: "u8;

    /// <inheritdoc/>
    public override string MediaType => "text/event-stream";

    /// <inheritdoc/>
    public override void BeginMessage(PipeWriter output, long id, StreamRecord record) => output.Write("data: "u8);

    /// <inheritdoc/>
    public override void EndRecord(PipeWriter output) => output.Write("\n\n"u8);

    /// <inheritdoc/>
    public override void EndStream(PipeWriter output) => EndRecord(output);

    /// <inheritdoc/>
    public override void Heartbeat(PipeWriter output) => output.Write(":\n\n"u8);
}
