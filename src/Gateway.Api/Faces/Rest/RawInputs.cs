using System.Buffers;
using System.Text.Unicode;
using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.Rest;

/// <summary>
/// Inputs that come as what they are instead of as JSON: a body that is an image, a sound or a video, or a form with any number of
/// these and of texts. Each becomes an input by its media type. A body of text alone is JSON, whatever it calls itself: that is what
/// browsers' and curl's defaults send.
/// </summary>
/// <param name="limit">The list that the inputs go to, and how many it takes.</param>
/// <param name="pool">Where the parts of a form are kept.</param>
internal sealed class RawInputs(ElementLimit limit, ArrayPool<byte> pool)
{
    /// <summary>The types of bodies that a path with inputs takes.</summary>
    public const string TypesTaken = $"{BodyType.Json}, multipart/form-data, and images, audio and video as they are";

    private static readonly Kind[] Kinds =
    [
        new("image/", Tag(Data.ImageFieldNumber), Tag(Image.Base64FieldNumber)),
        new("audio/", Tag(Data.AudioFieldNumber), Tag(Audio.Base64FieldNumber)),
        new("video/", Tag(Data.VideoFieldNumber), Tag(Video.Base64FieldNumber)),
    ];

    private static readonly Kind Text = new("text/", Tag(Data.TextFieldNumber), Tag(Clarifai.Api.Text.RawFieldNumber));

    private static readonly WireTag DataTag = Tag(Input.DataFieldNumber);

    /// <summary>
    /// Whether a request's body is of this kind: by what it is called or, where that says nothing, by what it begins with.
    /// </summary>
    /// <param name="maxBytes">The most bytes that the body may have; one that says that it has more is not begun to be read.</param>
    /// <returns>The body's media type; null for JSON.</returns>
    public static ValueTask<string?> FindTypeAsync(HttpContext http, long maxBytes)
    {
        var type = http.Request.ContentType;
        return type is not null && (KindOf(type) is not null || FormReader.IsForm(http.Request)) ? ValueTask.FromResult<string?>(type)
            : BodyType.SaysNothing(http.Request) && !(http.Request.ContentLength > maxBytes) ? MediaSignature.FindAsync(http)
            : default;
    }

    /// <summary>Reads the body of a request.</summary>
    /// <param name="type">Its media type, as <see cref="FindTypeAsync"/> found it.</param>
    /// <param name="wire">Takes the inputs as wire bytes of the request message.</param>
    /// <param name="maxBytes">The most bytes that the body may have.</param>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public ValueTask<ApiError?> ReadAsync(HttpContext http, string type, WireWriter wire, long maxBytes) => KindOf(type) is { } kind
        ? ReadBodyAsync(http, kind, wire, maxBytes)
        : ReadFormAsync(http, wire, maxBytes);

    private async ValueTask<ApiError?> ReadBodyAsync(HttpContext http, Kind kind, WireWriter wire, long maxBytes)
    {
        Begin(kind, wire);
        var error = await RequestBody.ReadAsync(http, wire, maxBytes);
        End(wire);
        return error;
    }

    private async ValueTask<ApiError?> ReadFormAsync(HttpContext http, WireWriter wire, long maxBytes)
    {
        var count = 0;
        return await new FormReader(http, maxBytes, pool).ReadAsync(part => count++ == limit.Max
            ? ApiErrors.TooManyElements(limit.Field.ProtoName, limit.Max)
            : Add(part, wire));
    }

    private ApiError? Add(FormPart part, WireWriter wire)
    {
        // A field is text, unless its bytes cannot be: clients that name neither a file nor a type send files so, too.
        var kind = part.IsFile || !Utf8.IsValid(part.Content) ? KindOf(part) ?? (part.IsFile ? null : Text) : Text;
        if (kind is null)
        {
            var type = part.ContentType.Length > 0 ? part.ContentType : "of no media type";
            return ApiErrors.BadForm($"the part {part.Name} is {type}, and an input is an image, audio, a video or text");
        }

        if (kind == Text && !Utf8.IsValid(part.Content))
        {
            return ApiErrors.BadForm($"the part {part.Name} is text that is not UTF-8");
        }

        Begin(kind, wire);
        part.Body.Drain(wire);
        End(wire);
        return null;
    }

    private void Begin(Kind kind, WireWriter wire)
    {
        foreach (var tag in (ReadOnlySpan<WireTag>)[Tag(limit.Field.Number), DataTag, kind.Field, kind.Content])
        {
            wire.WriteTag(tag);
            wire.BeginLength();
        }
    }

    private static void End(WireWriter wire)
    {
        for (var level = 0; level < 4; level++)
        {
            wire.EndLength();
        }
    }

    // A file whose name says nothing is what its first bytes say or, where they do not, text; what is not UTF-8 is neither.
    private static Kind? KindOf(FormPart part) =>
        KindOf(part.ContentType) ?? TextOf(part.ContentType) ?? (!BodyType.SaysNothing(part.ContentType) ? null
            : MediaSignature.TypeOf(part.Body.Written) is { } type ? KindOf(type)
            : Utf8.IsValid(part.Content) ? Text
            : null);

    private static Kind? KindOf(string mediaType) =>
        Array.Find(Kinds, kind => mediaType.StartsWith(kind.Prefix, StringComparison.OrdinalIgnoreCase));

    private static Kind? TextOf(string mediaType) => mediaType.StartsWith(Text.Prefix, StringComparison.OrdinalIgnoreCase) ? Text : null;

    private static WireTag Tag(int number) => new(number, WireType.LengthDelimited);

    private sealed record Kind(string Prefix, WireTag Field, WireTag Content);
}
