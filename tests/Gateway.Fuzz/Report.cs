using Gateway.Fuzz.Checks;

namespace Gateway.Fuzz;

/// <summary>What a run prints at its end.</summary>
internal static class Report
{
    /// <summary>Writes the findings, the counts and the sum; true when there are no findings.</summary>
    public static bool Write(Options options, FuzzRun run, TimeSpan time)
    {
        var kinds = 0;
        foreach ((var number, var finding) in run.Findings)
        {
            kinds++;
            WriteFinding(options.Seed, number, finding);
        }

        WriteCases(run.Tally);
        WriteRules(run.Tally);
        var result = kinds == 0 ? "no difference" : $"{kinds} kinds of differences";
        Console.WriteLine($"\n{run.Done:N0} cases of seed {options.Seed} in {time.TotalSeconds:N0} s, {run.Done / time.TotalSeconds:N0} a second: {result}");
        return kinds == 0;
    }

    private static void WriteFinding(ulong seed, long number, Finding finding)
    {
        using var run = new FuzzCase();
        var shown = Minimizer.Minimize(run, finding)?.ToString() ?? $"{finding}\n  (only as a case: {Finding.Command} --seed {seed} --case {number})";
        Console.WriteLine($"\nseed {seed}, case {number}: {shown}");
    }

    private static void WriteCases(Tally tally)
    {
        Console.WriteLine($"\n{"kind",-14}{"cases",12}{"accepted",12}");
        foreach (var kind in Enum.GetValues<CaseKind>())
        {
            Console.WriteLine($"{kind,-14}{tally.Cases(kind),12:N0}{tally.Accepted(kind),12:N0}");
        }
    }

    private static void WriteRules(Tally tally)
    {
        Console.WriteLine($"\n{"explained by",-60}{"times",12}");
        foreach ((var rule, var count) in tally.Rules.OrderByDescending(rule => rule.Value))
        {
            Console.WriteLine($"{rule.Name,-60}{count,12:N0}");
        }
    }
}
