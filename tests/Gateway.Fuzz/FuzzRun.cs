using System.Collections.Concurrent;
using Gateway.Fuzz.Checks;

namespace Gateway.Fuzz;

/// <summary>Runs many cases on several threads until they are done or enough is found.</summary>
internal sealed class FuzzRun(ulong seed, long cases, int maxKinds, int threads)
{
    /// <summary>Cases that share a transcoder, as the calls of a gateway do: what one leaves behind is there for the next.</summary>
    private const int Batch = 256;

    private readonly ConcurrentDictionary<string, (long Number, Finding Finding)> _findings = new();
    private readonly CaseWatch[] _watches = [.. Enumerable.Range(0, threads).Select(_ => new CaseWatch())];
    private readonly Lock _counting = new();
    private readonly Tally _tally = new();
    private long _next;
    private long _done;

    /// <summary>Cases that ran.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>The first case of each kind of fault, and what it found.</summary>
    public IEnumerable<(long Number, Finding Finding)> Findings => _findings.Values.OrderBy(found => found.Number);

    /// <summary>What the cases were, once they are done.</summary>
    public Tally Tally => _tally;

    /// <summary>A case that does not come to an end; null when all do.</summary>
    public long? Hanging => _watches.Select(watch => watch.Hanging).FirstOrDefault(number => number is not null);

    /// <summary>Runs the cases, each thread a batch at a time.</summary>
    public Task RunAsync()
    {
        // Generated classes need one another to be initialized: on two threads at once, each may wait for the other.
        using (var first = new FuzzCase())
        {
            first.Run(seed, 0);
        }

        return Task.WhenAll(_watches.Select(watch => Task.Factory.StartNew(() => Work(watch), TaskCreationOptions.LongRunning)));
    }

    /// <summary>Runs one case after those that come before it in its batch.</summary>
    public static Finding? RunOne(FuzzCase run, ulong seed, long number)
    {
        for (var before = number - number % Batch; before < number; before++)
        {
            run.Run(seed, before);
        }

        return run.Run(seed, number);
    }

    private void Work(CaseWatch watch)
    {
        for (var from = NextBatch(); from < cases && _findings.Count < maxKinds; from = NextBatch())
        {
            using var run = new FuzzCase();
            for (var number = from; number < Math.Min(from + Batch, cases); number++)
            {
                watch.Start(number);
                if (run.Run(seed, number) is { } finding)
                {
                    _findings.AddOrUpdate(finding.What, (number, finding), (_, first) => first.Number < number ? first : (number, finding));
                }

                Interlocked.Increment(ref _done);
            }

            lock (_counting)
            {
                _tally.Add(run.Tally);
            }
        }

        watch.Stop();
    }

    private long NextBatch() => Interlocked.Add(ref _next, Batch) - Batch;
}
