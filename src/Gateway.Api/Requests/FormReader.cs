using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Gateway.Api.Requests;

/// <summary>Reads <c>multipart/form-data</c> (RFC 7578), part after part.</summary>
/// <param name="http">The request.</param>
/// <param name="maxBytes">The most bytes that the body may have.</param>
public sealed class FormReader(HttpContext http, long maxBytes)
{
    private const int MaxParts = 1024;

    // A part is read whole, then copied to its own length, then to the message.
    private const int Copies = 3;

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
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException and not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested))
        {
            return Broken;
        }
    }

    private async ValueTask<ApiError?> ReadAsync(MultipartReader reader, Func<FormPart, ApiError?> take)
    {
        var record = http.Features.GetRequiredFeature<CallRecord>();
        for (var count = 0; await reader.ReadNextSectionAsync(http.RequestAborted) is { } section; count++)
        {
            if (count == MaxParts)
            {
                return ApiErrors.BadForm($"it has more than {MaxParts} parts");
            }

            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 } name)
            {
                return ApiErrors.BadForm("one of its parts has no name");
            }

            var content = await ReadAsync(section.Body, maxBytes - record.RequestBytes);
            if (content is null)
            {
                return ApiErrors.BodyTooLarge(maxBytes, null);
            }

            record.RequestBytes += content.Length;
            var contentType = section.ContentType ?? "";
            var isFile = disposition.IsFileDisposition() || (contentType.Length > 0 && !contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase));
            if (take(new FormPart(name.ToString(), contentType, isFile, content)) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    // Null when it is longer than what is left.
    private async ValueTask<byte[]?> ReadAsync(Stream body, long left)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            if (content.Length + read > left)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
