using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.Fuzz.Http;

/// <summary>Random requests against a running gateway.</summary>
internal static class HttpRun
{
    /// <summary>The first argument of the program that asks for them.</summary>
    public const string Name = "http";

    private const int AtATime = 64;

    /// <summary>Runs what the arguments say. Exit code 1 when anything is wrong, 2 for unknown options.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (Options.Parse(arguments) is not { Type: null, Form: null } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        using var gateway = await GatewayUnderTest.StartAsync();
        if (options.Case is { } number)
        {
            var finding = await new HttpCase(options.Seed, number).RunAsync(gateway, shows: true);
            Console.WriteLine(finding ?? "as it should be");
            return finding is null ? 0 : 1;
        }

        return await RunAllAsync(gateway, options);
    }

    private static async Task<int> RunAllAsync(GatewayUnderTest gateway, Options options)
    {
        var findings = new ConcurrentDictionary<string, long>();
        long next = -1, served = 0, done = 0;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async _ =>
        {
            for (long number; (number = Interlocked.Increment(ref next)) < options.Cases && findings.Count < options.Kinds && gateway.IsAlive;)
            {
                var one = new HttpCase(options.Seed, number);
                if (await one.RunAsync(gateway) is { } finding)
                {
                    findings.AddOrUpdate(finding, number, (_, first) => Math.Min(first, number));
                }

                Interlocked.Increment(ref done);
                if (one.WasServed)
                {
                    Interlocked.Increment(ref served);
                }
            }
        }));

        if (!gateway.IsAlive)
        {
            findings["the gateway has ended"] = Volatile.Read(ref next);
        }

        foreach ((var finding, var number) in findings.OrderBy(finding => finding.Value))
        {
            Console.WriteLine($"{finding}\n  {Checks.Finding.Command} {Name} --seed {options.Seed} --case {number}");
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var result = findings.IsEmpty ? "as they should be" : $"{findings.Count} kinds of faults";
        Console.WriteLine($"{done:N0} connections of seed {options.Seed}, {served:N0} with an answer of success, in {seconds:N0} s, {done / seconds:N0} a second: {result}");

        // Were none served, nothing would have been looked at.
        return findings.IsEmpty && (served > 0 || options.Cases == 0) ? 0 : 1;
    }
}
