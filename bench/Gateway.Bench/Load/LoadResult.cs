using System.Globalization;

namespace Gateway.Bench.Load;

/// <summary>What a load generator saw.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="P50">The median request.</param>
/// <param name="P99">The 99th percentile.</param>
public sealed record LoadResult(long Requests, TimeSpan Elapsed, TimeSpan P50, TimeSpan P99)
{
    /// <summary>What the line with the figures begins with.</summary>
    public const string Mark = "RESULT";

    /// <summary>Reads requests, duration, percentiles, all in microseconds, and errors, apart by tabs.</summary>
    /// <exception cref="InvalidOperationException">There were errors: figures of failed requests are worth nothing.</exception>
    public static LoadResult Parse(string line)
    {
        double[] figures = [.. line.Split('\t').Skip(1).Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
        return figures is [var requests, var duration, var p50, var p99, 0]
            ? new LoadResult((long)requests, TimeSpan.FromMicroseconds(duration), TimeSpan.FromMicroseconds(p50), TimeSpan.FromMicroseconds(p99))
            : throw new InvalidOperationException($"Requests failed: {line}");
    }
}
