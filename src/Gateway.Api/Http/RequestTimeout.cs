using System.Globalization;
using Gateway.Api.Errors;

namespace Gateway.Api.Http;

/// <summary>The time that a client gives its request by header; the shorter one counts when it sends both.</summary>
internal static class RequestTimeout
{
    // 49 days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Seconds, with a fraction if need be.</summary>
    public const string SecondsHeader = "X-Request-Timeout";

    /// <summary>As gRPC has it (PROTOCOL-HTTP2.md, "Timeout"): <c>500m</c> are milliseconds, <c>5S</c> seconds.</summary>
    public const string GrpcHeader = "grpc-timeout";

    private const double MaxSeconds = 1e9;

    /// <summary>Reads the headers.</summary>
    /// <param name="headers">The request's.</param>
    /// <param name="timeout">The time from the request's beginning; null when the client gave none.</param>
    /// <returns>Why a header cannot be read; null when it could.</returns>
    public static ApiError? TryRead(IHeaderDictionary headers, out TimeSpan? timeout)
    {
        timeout = null;
        if (headers.TryGetValue(SecondsHeader, out var seconds))
        {
            if (!TryReadSeconds(seconds.ToString(), out var given))
            {
                return ApiErrors.BadHeader(SecondsHeader, "a positive number of seconds below 1000000000, such as 2.5");
            }

            timeout = given;
        }

        if (headers.TryGetValue(GrpcHeader, out var text))
        {
            if (!GrpcTimeout.TryParse(text.ToString(), out var given))
            {
                return ApiErrors.BadHeader(GrpcHeader, GrpcTimeout.Form);
            }

            timeout = timeout < given ? timeout : given;
        }

        return null;
    }

    /// <summary>The shorter of two limits, either of which may be missing.</summary>
    public static TimeSpan? Shorter(TimeSpan? limit, TimeSpan? other) => limit is null || other < limit ? other : limit;

    /// <summary>A limit as timers take it: none for one further away than they count, and never before now.</summary>
    public static TimeSpan AsWait(TimeSpan? limit) =>
        limit <= TimeSpan.Zero ? TimeSpan.Zero : limit < LongestTimer ? limit.Value : Timeout.InfiniteTimeSpan;

    private static bool TryReadSeconds(string text, out TimeSpan timeout)
    {
        var read = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and < MaxSeconds;
        timeout = read ? TimeSpan.FromSeconds(seconds) : default;
        return read;
    }
}
