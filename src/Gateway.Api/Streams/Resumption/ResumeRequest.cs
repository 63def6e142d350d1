using System.Globalization;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;

namespace Gateway.Api.Streams.Resumption;

/// <summary>What a request says of resuming its stream.</summary>
/// <param name="Window">How long the client may be away; null when it does not ask for that.</param>
/// <param name="Records">How many records it has had; null when it begins.</param>
internal readonly record struct ResumeRequest(TimeSpan? Window, long? Records)
{
    /// <summary>The header, in seconds: what the client asks for and, in the answer, what it gets.</summary>
    public const string WindowHeader = "X-Resume-Window";

    /// <summary>The header with the <c>id</c> of the last record (WHATWG HTML, 9.2.4).</summary>
    public const string RecordHeader = "Last-Event-ID";

    /// <summary>Reads the headers.</summary>
    /// <returns>Why one cannot be read; null when all could.</returns>
    public static ApiError? TryRead(IHeaderDictionary headers, StreamOptions options, out ResumeRequest request)
    {
        request = default;
        if (!headers.TryGetValue(WindowHeader, out var window))
        {
            return null;
        }

        if (!long.TryParse(window, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds == 0)
        {
            return ApiErrors.BadHeader(WindowHeader, "a whole number of seconds, greater than zero");
        }

        long? records = null;
        if (headers.TryGetValue(RecordHeader, out var id))
        {
            if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var had))
            {
                return ApiErrors.BadHeader(RecordHeader, "the id of a record of this stream, a whole number");
            }

            records = had;
        }

        request = new ResumeRequest(TimeSpan.FromSeconds(Math.Min(seconds, options.MaxResumeWindow.TotalSeconds)), records);
        return null;
    }
}
