using System.Buffers;

namespace Gateway.Api.Streams;

/// <summary>
/// How a stream of JSON messages looks on the wire. Every format has an explicit last record, which says how the stream
/// ended; a stream without one was cut. Instances have no state.
/// </summary>
internal abstract class StreamFormat
{
    private static readonly SseFormat Sse = new();

    private static readonly StreamFormat[] Preferred = [Sse, new NdJsonFormat(), new JsonArrayFormat()];

    // NDJSON has no registered name: who asks for it by another one is answered by that.
    private static readonly StreamFormat[] All =
    [
        .. Preferred, new NdJsonFormat("application/ndjson"), new NdJsonFormat("application/jsonl"),
    ];

    /// <summary>The media types, each format's usual one, in the order of preference.</summary>
    public static IEnumerable<string> MediaTypes => Preferred.Select(format => format.MediaType);

    /// <summary>The <c>Content-Type</c>.</summary>
    public abstract string MediaType { get; }

    /// <summary>The format that a request's <c>Accept</c> likes best; Server-Sent Events when it names none.</summary>
    public static StreamFormat For(HttpRequest request) => AskedFor(request) ?? Sse;

    /// <summary>The format that a request's <c>Accept</c> asks for by name (RFC 9110, 12.5.1); null when it names none.</summary>
    public static StreamFormat? AskedFor(HttpRequest request)
    {
        StreamFormat? best = null;
        var quality = 0.0;
        foreach (var accepted in request.GetTypedHeaders().Accept)
        {
            if ((accepted.Quality ?? 1) > quality && Named(accepted.MediaType.Value) is { } format)
            {
                (best, quality) = (format, accepted.Quality ?? 1);
            }
        }

        return best;
    }

    /// <summary>Sets the headers, which also keep proxies from buffering, changing or caching the stream.</summary>
    public void SetHeaders(HttpResponse response)
    {
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Begins a message; its JSON and <see cref="EndRecord"/> follow.</summary>
    /// <param name="output">Where the response is written.</param>
    /// <param name="id">The record's number in the stream, from 1.</param>
    /// <param name="record">The record.</param>
    public abstract void BeginMessage(IBufferWriter<byte> output, long id, StreamRecord record);

    /// <summary>Ends a message.</summary>
    public abstract void EndRecord(IBufferWriter<byte> output);

    /// <summary>Begins the last record; its JSON and <see cref="EndStream"/> follow.</summary>
    /// <param name="output">Where the response is written.</param>
    /// <param name="id">The record's number in the stream, from 1.</param>
    /// <param name="failed">Whether the stream failed.</param>
    public abstract void BeginLast(IBufferWriter<byte> output, long id, bool failed);

    /// <summary>Ends the last record, and with it the stream.</summary>
    public abstract void EndStream(IBufferWriter<byte> output);

    /// <summary>Writes what readers skip, between two records: it keeps the way to the client open.</summary>
    public abstract void Heartbeat(IBufferWriter<byte> output);

    private static StreamFormat? Named(string? mediaType) =>
        Array.Find(All, format => format.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase));
}
