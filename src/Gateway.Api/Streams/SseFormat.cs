using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;

namespace Gateway.Api.Streams;

/// <summary>
/// Server-Sent Events as the API's own streams have them: one <c>data:</c> line per message, then a named event that says how the stream
/// ended. JSON as the gateway writes it has no line breaks, so one line holds a message.
/// </summary>
internal sealed class SseFormat : EventStreamFormat
{
    public override void BeginMessage(PipeWriter output, long id, StreamRecord record)
    {
        WriteId(output, id);
        output.Write("data: "u8);
    }

    public override void BeginLast(PipeWriter output, long id, bool failed)
    {
        WriteId(output, id);
        output.Write(failed ? "event: error\ndata: "u8 : "event: done\ndata: "u8);
    }

    private static void WriteId(PipeWriter output, long id)
    {
        const int maxDigits = 20;
        output.Write("id: "u8);
        id.TryFormat(output.GetSpan(maxDigits), out var digits, provider: CultureInfo.InvariantCulture);
        output.Advance(digits);
        output.Write("\n"u8);
    }
}
