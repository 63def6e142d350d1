using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Api.Streaming;

/// <summary>
/// Writes Server-Sent Events (WHATWG HTML, 9.2): one <c>data:</c> line per message, then a named event that says how the
/// stream ended. JSON as the gateway writes it has no line breaks, so one line holds a message.
/// </summary>
public static class SseWriter
{
    private const string MediaType = "text/event-stream";

    /// <summary>Begins an event without a name, for one message; the JSON and <see cref="EndEvent"/> follow.</summary>
    public static void BeginMessage(PipeWriter output) => output.Write("data: "u8);

    /// <summary>Begins the last event of a stream that ended well.</summary>
    public static void BeginDone(PipeWriter output) => output.Write("event: done\ndata: "u8);

    /// <summary>Begins the last event of a stream that failed after its first message.</summary>
    public static void BeginError(PipeWriter output) => output.Write("event: error\ndata: "u8);

    /// <summary>Ends the event.</summary>
    public static void EndEvent(PipeWriter output) => output.Write("\n\n"u8);

    /// <summary>Sets the headers that keep proxies from buffering, changing or caching the stream.</summary>
    public static void SetHeaders(HttpResponse response)
    {
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
