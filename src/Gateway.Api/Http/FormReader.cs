using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Logging;
using Gateway.Api.Memory;
using Gateway.Core.Wire;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Gateway.Api.Http;

/// <summary>Reads <c>multipart/form-data</c> (RFC 7578), part after part.</summary>
/// <param name="maxBytes">The most bytes that the body may have.</param>
/// <param name="pool">Where a part is kept; null for the shared pool.</param>
internal sealed class FormReader(HttpContext http, long maxBytes, ArrayPool<byte> pool)
{
    private const int MaxParts = 1024;
    private const int MinRead = 1024;

    // A part is read whole, then copied to the message.
    private const int Copies = 2;

    private const int MaxBoundary = 70; // RFC 2046, 5.1.1

    private static readonly ApiError Broken = ApiErrors.BadForm("it ends early, or is not framed as multipart/form-data is");

    /// <summary>Whether a request's body is such a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads the parts.</summary>
    /// <param name="take">Takes a part; answers why it cannot, or null.</param>
    /// <returns>Why the form cannot be read, or what <paramref name="take"/> said; null when it was read to its end.</returns>
    public async ValueTask<ApiError?> ReadAsync(Func<FormPart, ApiError?> take)
    {
        if (http.Request.ContentLength > maxBytes)
        {
            return ApiErrors.BodyTooLarge(maxBytes, http.Request.ContentLength);
        }

        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MaxBoundary } boundary)
        {
            return ApiErrors.BadForm("its Content-Type names no boundary");
        }

        http.Features.GetRequiredFeature<ByteShare>().Weight = Copies;
        try
        {
            return await ReadAsync(new MultipartReader(boundary.Value!, http.Request.BodyReader.AsStream()), take);
        }
        catch (Exception exception) when (
            exception is InvalidDataException
                || (exception is IOException and not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested))
        {
            return Broken;
        }
    }

    private async ValueTask<ApiError?> ReadAsync(MultipartReader reader, Func<FormPart, ApiError?> take)
    {
        var record = RequestRecord.Of(http);
        using var content = new WireWriter(pool);
        for (var count = 0; await reader.ReadNextSectionAsync(http.RequestAborted) is { } section; count++)
        {
            if (count == MaxParts)
            {
                return ApiErrors.BadForm($"it has more than {MaxParts} parts");
            }

            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 } name)
            {
                return ApiErrors.BadForm("one of its parts has no name");
            }

            content.Reset();
            if (!await TryReadAsync(section.Body, content, maxBytes - record.RequestBytes))
            {
                return ApiErrors.BodyTooLarge(maxBytes, null);
            }

            record.RequestBytes += content.Length;
            var contentType = section.ContentType ?? "";
            var isFile = disposition.IsFileDisposition()
                || (contentType.Length > 0 && !contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase));
            if (take(new FormPart(name.ToString(), contentType, isFile, content)) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    // False when it is longer than what is left.
    private async ValueTask<bool> TryReadAsync(Stream body, WireWriter content, long left)
    {
        int read;
        while ((read = await body.ReadAsync(content.GetMemory(MinRead), http.RequestAborted)) > 0)
        {
            content.Advance(read);
            if (content.Length > left)
            {
                return false;
            }
        }

        return true;
    }
}
