using System.Buffers;
using Gateway.Api.Streams;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>Server-Sent Events as OpenAI's clients read them: no ids, as nobody comes back for a stream.</summary>
internal abstract class OpenAiEventFormat : EventStreamFormat
{
    /// <summary>Begins the event that says why a stream failed.</summary>
    protected static ReadOnlySpan<byte> ErrorEvent => "event: error\ndata: "u8;

    public override void BeginMessage(IBufferWriter<byte> output, long id, StreamRecord record) => output.Write("data: "u8);
}
