using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Core.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Calls;

/// <summary>Bodies that are one JSON text.</summary>
internal static class JsonBody
{
    /// <summary>Reads the body of a request; an empty one is an object without members, as it is everywhere in the API.</summary>
    /// <param name="http">The request.</param>
    /// <param name="text">Takes the text; ending it is the caller's.</param>
    /// <param name="maxBytes">The most bytes that it may have.</param>
    /// <returns>Why it cannot be read; null when it can, or when only the text knows what is wrong.</returns>
    public static async ValueTask<ApiError?> ReadAsync<T>(HttpContext http, T text, long maxBytes)
        where T : IJsonText
    {
        if (http.Request.ContentLength > maxBytes)
        {
            return ApiErrors.BodyTooLarge(maxBytes, http.Request.ContentLength);
        }

        var record = http.Features.GetRequiredFeature<CallRecord>();
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            var fed = Feed(text, read.Buffer);
            record.RequestBytes += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (record.RequestBytes > maxBytes)
            {
                return ApiErrors.BodyTooLarge(maxBytes, null);
            }

            if (!fed || read.IsCompleted)
            {
                // A POST without a body means a message without fields, as it does in the API.
                _ = record.RequestBytes > 0 || text.Feed("{}"u8);
                return null;
            }
        }
    }

    private static bool Feed<T>(T text, in ReadOnlySequence<byte> chunk)
        where T : IJsonText
    {
        foreach (var segment in chunk)
        {
            if (!text.Feed(segment.Span))
            {
                return false;
            }
        }

        return true;
    }
}
