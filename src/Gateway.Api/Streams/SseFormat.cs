using System.Buffers;
using System.Globalization;

namespace Gateway.Api.Streams;

/// <summary>
/// Server-Sent Events as the API's own streams have them: one <c>data:</c> line per message, then a named event that says how the stream
/// ended. JSON as the gateway writes it has no line breaks, so one line holds a message.
/// </summary>
internal sealed class SseFormat : EventStreamFormat
{
    public override void BeginMessage(IBufferWriter<byte> output, long id, StreamRecord record) => WriteId(output, id, "data: "u8);

    public override void BeginLast(IBufferWriter<byte> output, long id, bool failed) =>
        WriteId(output, id, failed ? "event: error\ndata: "u8 : "event: done\ndata: "u8);

    private static void WriteId(IBufferWriter<byte> output, long id, ReadOnlySpan<byte> then)
    {
        const int maxDigits = 20;
        var name = "id: "u8;
        var line = output.GetSpan(name.Length + maxDigits + 1 + then.Length);
        name.CopyTo(line);
        id.TryFormat(line[name.Length..], out var digits, provider: CultureInfo.InvariantCulture);
        var length = name.Length + digits;
        line[length++] = (byte)'\n';
        then.CopyTo(line[length..]);
        output.Advance(length + then.Length);
    }
}
