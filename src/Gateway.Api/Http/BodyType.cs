using System.Buffers;
using Gateway.Api.Errors;

namespace Gateway.Api.Http;

/// <summary>
/// What a request calls its body, where JSON is taken. Most names say nothing: curl calls whatever it sends a form, and browsers call text
/// text. Forms, images and the like that are what they say are refused by their names.
/// </summary>
internal static class BodyType
{
    /// <summary>What a path takes that takes nothing but JSON.</summary>
    public const string Json = "application/json";

    // What clients call a file whose type they do not know.
    private const string OctetStream = "application/octet-stream";

    private const string UrlEncoded = "application/x-www-form-urlencoded";

    private static readonly string[] NeverJson = ["multipart/", "image/", "audio/", "video/"];

    // What the text of an object, a list or a string may begin with, a byte order mark and white space included.
    private static readonly SearchValues<byte> JsonStart = SearchValues.Create("{[\"\uFEFF \t\r\n"u8);

    /// <summary>Whether a body may be something else than JSON.</summary>
    public static bool IsDoubtful(HttpRequest request) => IsNeverJson(request) || Is(request, UrlEncoded) || Is(request, OctetStream);

    /// <summary>Whether what a body is called says nothing of what it is.</summary>
    public static bool SaysNothing(HttpRequest request) => SaysNothing(request.ContentType) || Is(request, UrlEncoded);

    /// <summary>Whether a media type says nothing of what has it.</summary>
    /// <param name="type">The type; null or empty for none.</param>
    public static bool SaysNothing(string? type) =>
        string.IsNullOrEmpty(type) || type.StartsWith(OctetStream, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a text that begins so may be JSON; false before it begins.</summary>
    public static bool MayBeJson(in ReadOnlySequence<byte> start) => !start.IsEmpty && JsonStart.Contains(start.FirstSpan[0]);

    /// <summary>Why a body cannot be JSON by its name alone; null when it may be.</summary>
    /// <param name="taken">The types that the path takes.</param>
    public static ApiError? RefusalOf(HttpRequest request, string taken) => IsNeverJson(request) ? Refusal(request, taken) : null;

    /// <summary>
    /// Why a body is not JSON, by its name and its first byte; null when it may be. What is seen of JSON is left to be read.
    /// </summary>
    /// <param name="taken">The types that the path takes.</param>
    public static async ValueTask<ApiError?> FindRefusalAsync(HttpContext http, string taken)
    {
        if (IsNeverJson(http.Request))
        {
            return Refusal(http.Request, taken);
        }

        if (!IsDoubtful(http.Request))
        {
            return null;
        }

        var body = http.Request.BodyReader;
        var read = await body.ReadAsync(http.RequestAborted);
        var isOther = !read.Buffer.IsEmpty && !MayBeJson(read.Buffer);

        // What is refused is passed over: a body that was only seen would cost the client its connection.
        body.AdvanceTo(isOther ? read.Buffer.End : read.Buffer.Start);
        return isOther ? Refusal(http.Request, taken) : null;
    }

    private static bool IsNeverJson(HttpRequest request)
    {
        foreach (var type in NeverJson)
        {
            if (Is(request, type))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(HttpRequest request, string type) =>
        request.ContentType?.StartsWith(type, StringComparison.OrdinalIgnoreCase) == true;

    private static ApiError Refusal(HttpRequest request, string taken) =>
        ApiErrors.TypeNotTaken(request.ContentType!.Split(';')[0].TrimEnd(), taken);
}
