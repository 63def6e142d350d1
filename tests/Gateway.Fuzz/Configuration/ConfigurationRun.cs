using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.Fuzz.Configuration;

/// <summary>Random configurations, on all cores.</summary>
internal static class ConfigurationRun
{
    /// <summary>The first argument of the program that asks for them.</summary>
    public const string Name = "configuration";

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
            var one = new ConfigurationCase(options.Seed, number);
            Console.WriteLine($"{string.Join('\n', one.Files)}\n{one.Check() ?? "as it should be"}");
            return one.Check() is null ? 0 : 1;
        }

        return RunAll(options);
    }

    private static int RunAll(Options options)
    {
        var findings = new ConcurrentDictionary<string, long>();
        long done = 0;
        long accepted = 0;
        var start = Stopwatch.GetTimestamp();
        Parallel.For(0, options.Cases, (number, loop) =>
        {
            var one = new ConfigurationCase(options.Seed, number);
            if (one.Check() is { } finding)
            {
                findings.AddOrUpdate(finding, number, (_, first) => Math.Min(first, number));
                if (findings.Count >= options.Kinds)
                {
                    loop.Stop();
                }
            }

            Interlocked.Increment(ref done);
            if (one.WasAccepted)
            {
                Interlocked.Increment(ref accepted);
            }
        });

        foreach ((var finding, var number) in findings.OrderBy(finding => finding.Value))
        {
            Console.WriteLine($"{finding}\n  {Checks.Finding.Command} {Name} --seed {options.Seed} --case {number}");
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var result = findings.IsEmpty ? "as they should be" : $"{findings.Count} kinds of faults";
        Console.WriteLine($"{done:N0} configurations of seed {options.Seed}, {accepted:N0} accepted, in {seconds:N0} s, {done / seconds:N0} a second: {result}");

        // Were none accepted, nothing would have been looked at.
        return findings.IsEmpty && (accepted > 0 || options.Cases == 0) ? 0 : 1;
    }
}
