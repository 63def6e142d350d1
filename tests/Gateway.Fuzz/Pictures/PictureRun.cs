using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.Fuzz.Pictures;

/// <summary>Damaged pictures, on all cores.</summary>
internal static class PictureRun
{
    /// <summary>The first argument of the program that asks for them.</summary>
    public const string Name = "pictures";

    // Of each core, a picture of as many pixels as are decoded at a time, in memory twice, and room for the decoder.
    private const long MaxBytesPerCore = 512L * 1024 * 1024;

    /// <summary>Runs what the arguments say. Exit code 1 when anything is wrong, 2 for unknown options.</summary>
    public static int Run(string[] arguments)
    {
        if (Options.Parse(arguments) is not { Type: null, Form: null } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        if (options.Case is { } number)
        {
            var one = new PictureCase(options.Seed, number);
            Console.WriteLine($"{Convert.ToHexString(one.Bytes)}\n{one.Check() ?? "as it should be"}");
            return one.Check() is null ? 0 : 1;
        }

        return RunAll(options);
    }

    private static int RunAll(Options options)
    {
        var findings = new ConcurrentDictionary<string, long>();
        long done = 0;
        long read = 0;
        var start = Stopwatch.GetTimestamp();
        Parallel.For(0, options.Cases, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (number, loop) =>
        {
            var one = new PictureCase(options.Seed, number);
            if (one.Check() is { } finding)
            {
                findings.AddOrUpdate(finding, number, (_, first) => Math.Min(first, number));
                if (findings.Count >= options.Kinds)
                {
                    loop.Stop();
                }
            }

            Interlocked.Increment(ref done);
            if (one.WasRead)
            {
                Interlocked.Increment(ref read);
            }
        });

        foreach ((var finding, var number) in findings.OrderBy(finding => finding.Value))
        {
            Console.WriteLine($"{finding}\n  {Checks.Finding.Command} {Name} --seed {options.Seed} --case {number}");
        }

        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        var isBounded = peak <= MaxBytesPerCore * Environment.ProcessorCount;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var result = !findings.IsEmpty ? $"{findings.Count} kinds of faults" : isBounded ? "as they should be" : "more memory than they are worth";
        Console.WriteLine($"{done:N0} pictures of seed {options.Seed}, {read:N0} read, {peak >> 20:N0} MB at most, in {seconds:N0} s: {result}");

        // Were none read, only the first bytes would have been looked at.
        return findings.IsEmpty && isBounded && (read > 0 || options.Cases == 0) ? 0 : 1;
    }
}
