using System.Diagnostics;
using Gateway.Fuzz.Checks;
using Gateway.Fuzz.Configuration;
using Gateway.Fuzz.Http;
using Gateway.Fuzz.Pictures;
using Gateway.Fuzz.Reference;

namespace Gateway.Fuzz;

/// <summary>The corpus and a million random cases, on all cores, by one command. Exit code 1 when anything differs, 2 for unknown options.</summary>
internal static class Program
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [ConfigurationRun.Name, .. var own])
        {
            return ConfigurationRun.Run(own);
        }

        if (arguments is [PictureRun.Name, .. var pictures])
        {
            return PictureRun.Run(pictures);
        }

        if (arguments is [HttpRun.Name, .. var requests])
        {
            return await HttpRun.RunAsync(requests);
        }

        var options = Options.Parse(arguments);
        var input = options is { Type: { } type, Form: { } form, Text: { } text } ? Input.Parse(type, form, text) : null;
        if (options is null || (options.Type ?? options.Form) is not null && input is null)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        return input is not null ? CheckOne(input)
            : options.Case is { } number ? RunOne(options.Seed, number)
            : await RunAllAsync(options);
    }

    private static int CheckOne(Input input)
    {
        using var run = new FuzzCase();
        return ReportOne(run, run.Check(input));
    }

    private static int RunOne(ulong seed, long number)
    {
        using var run = new FuzzCase();
        return ReportOne(run, FuzzRun.RunOne(run, seed, number));
    }

    private static int ReportOne(FuzzCase run, Finding? finding)
    {
        Console.WriteLine(finding?.ToString() ?? "no difference");
        if (finding is not null && Minimizer.Minimize(run, finding) is { } smallest)
        {
            Console.WriteLine($"smallest: {smallest}");
        }

        return finding is null ? 0 : 1;
    }

    private static async Task<int> RunAllAsync(Options options)
    {
        string[] faults = [.. Corpus.Replay(out var count)];
        Console.WriteLine($"{Types.All.Length} message types; corpus: {count} inputs, {(faults.Length == 0 ? "no difference" : string.Join('\n', faults))}");
        var run = new FuzzRun(options.Seed, options.Cases, options.Kinds, Environment.ProcessorCount);
        var start = Stopwatch.GetTimestamp();
        var running = run.RunAsync();
        while (await Task.WhenAny(running, Task.Delay(ProgressEvery, TimeProvider.System)) != running)
        {
            Console.WriteLine($"seed {options.Seed}: {run.Done:N0} of {options.Cases:N0} cases, {run.Done / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} a second");
            if (run.Hanging is { } number)
            {
                // A thread cannot be stopped from outside: the process goes down with it.
                Console.WriteLine($"{Finding.Command} --seed {options.Seed} --case {number}: does not come to an end");
                Environment.Exit(1);
            }
        }

        await running;
        return Report.Write(options, run, Stopwatch.GetElapsedTime(start)) && faults.Length == 0 ? 0 : 1;
    }
}
