using System.Globalization;
using Grpc.Core;

namespace Gateway.Core.Upstream.Retries;

/// <summary>
/// What an upstream says about another attempt: <c>grpc-retry-pushback-ms</c> among its trailers (gRFC A6, "Pushback"), or
/// <c>retry-after</c> among its headers or trailers (RFC 9110, 10.2.3). The former wins.
/// </summary>
/// <param name="Delay">How long to wait before it; null when the upstream does not say.</param>
/// <param name="IsFinal">Whether there should be none.</param>
public readonly record struct Pushback(TimeSpan? Delay, bool IsFinal = false)
{
    /// <summary>Reads what the upstream said.</summary>
    /// <param name="headers">The response's headers.</param>
    /// <param name="trailers">Its trailers, if they are known.</param>
    /// <param name="time">The clock that a date is compared with.</param>
    public static Pushback Read(Metadata headers, Metadata? trailers, TimeProvider time)
    {
        if (trailers?.GetValue("grpc-retry-pushback-ms") is { } milliseconds)
        {
            return FromMilliseconds(milliseconds);
        }

        var after = trailers?.GetValue("retry-after") ?? headers.GetValue("retry-after");
        return after is null ? default : FromRetryAfter(after, time);
    }

    // Anything but a number of milliseconds asks for no retry.
    private static Pushback FromMilliseconds(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? new Pushback(TimeSpan.FromMilliseconds(milliseconds))
            : new Pushback(null, IsFinal: true);

    private static Pushback FromRetryAfter(string value, TimeProvider time)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return new Pushback(TimeSpan.FromSeconds(seconds));
        }

        if (!DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return default;
        }

        var delay = date - time.GetUtcNow();
        return new Pushback(delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
    }
}
