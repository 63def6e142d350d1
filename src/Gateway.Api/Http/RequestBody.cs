using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Logging;
using Gateway.Api.Memory;
using Gateway.Core.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Http;

/// <summary>Reads the bodies of requests, within their limit.</summary>
internal static class RequestBody
{
    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    /// <summary>Reads a body that is JSON. A POST without a body means a message without fields, as it does in the API.</summary>
    /// <param name="text">Takes the text; ending it is the caller's.</param>
    /// <param name="maxBytes">The most bytes that it may have.</param>
    /// <param name="taken">The types that the path takes.</param>
    /// <returns>Why it cannot be read; null when it can, or when only the text knows what is wrong.</returns>
    public static ValueTask<ApiError?> ReadJsonAsync<T>(HttpContext http, T text, long maxBytes, string taken = BodyType.Json)
        where T : IByteSink =>
        BodyType.IsDoubtful(http.Request)
            ? ReadDoubtfulAsync(http, text, maxBytes, taken)
            : ReadAsync(http, text, maxBytes, EmptyObject);

    /// <summary>Reads a body to its end, or to where the sink wants no more.</summary>
    /// <param name="sink">Takes the bytes.</param>
    /// <param name="maxBytes">The most bytes that it may have.</param>
    /// <param name="whenEmpty">What a body without a byte stands for.</param>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public static async ValueTask<ApiError?> ReadAsync<T>(HttpContext http, T sink, long maxBytes, ReadOnlyMemory<byte> whenEmpty = default)
        where T : IByteSink
    {
        if (Oversize(http.Request, maxBytes) is { } tooLarge)
        {
            return tooLarge;
        }

        if (sink.Weight > 1)
        {
            http.Features.GetRequiredFeature<ByteShare>().Weight = sink.Weight;
        }

        var record = RequestRecord.Of(http);
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            var fed = Feed(sink, read.Buffer);
            record.RequestBytes += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (record.RequestBytes > maxBytes)
            {
                return ApiErrors.BodyTooLarge(maxBytes, null);
            }

            if (!fed || read.IsCompleted)
            {
                _ = record.RequestBytes > 0 || sink.Feed(whenEmpty.Span);
                return null;
            }
        }
    }

    private static async ValueTask<ApiError?> ReadDoubtfulAsync<T>(HttpContext http, T text, long maxBytes, string taken)
        where T : IByteSink =>
        Oversize(http.Request, maxBytes)
            ?? await BodyType.FindRefusalAsync(http, taken)
            ?? await ReadAsync(http, text, maxBytes, EmptyObject);

    private static ApiError? Oversize(HttpRequest request, long maxBytes) =>
        request.ContentLength > maxBytes ? ApiErrors.BodyTooLarge(maxBytes, request.ContentLength) : null;

    private static bool Feed<T>(T sink, in ReadOnlySequence<byte> chunk)
        where T : IByteSink
    {
        foreach (var segment in chunk)
        {
            if (!sink.Feed(segment.Span))
            {
                return false;
            }
        }

        return true;
    }
}
