using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gateway.Store;

/// <summary>What is measured of a store: how long it takes, and whether it answers. Thread-safe.</summary>
public sealed class StoreTelemetry
{
    private const int Unknown = -1;
    private const int Unreachable = 0;
    private const int Reachable = 1;

    private static readonly InstrumentAdvice<double> Buckets = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Histogram<double> _operations;
    private int _state = Unknown;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">Whose they are.</param>
    public StoreTelemetry(Meter meter)
    {
        _operations = meter.CreateHistogram("gateway.store.operation.duration", "s", "How long the store took", advice: Buckets);
        meter.CreateObservableGauge(
            "gateway.store.reachable", Observe, description: "1 while the store answers, 0 while it does not; nothing without a store");
    }

    /// <summary>Notes how an operation went.</summary>
    /// <param name="operation">What was done, out of few; null for what lasts as long as it likes.</param>
    /// <param name="began">When it began: a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="failure">How it failed; null when it did not.</param>
    internal void Note(string? operation, long began, StoreException? failure)
    {
        // What fails in another way has been answered.
        Volatile.Write(ref _state, failure?.Fault == StoreFault.Unreachable ? Unreachable : Reachable);
        if (operation is null || !_operations.Enabled)
        {
            return;
        }

        var tags = new TagList { { "gateway.store.operation", operation } };
        if (failure is not null)
        {
            tags.Add("error.type", failure.Fault.ToString());
        }

        _operations.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
    }

    private IEnumerable<Measurement<int>> Observe() =>
        Volatile.Read(ref _state) is var state && state == Unknown ? [] : [new Measurement<int>(state)];
}
