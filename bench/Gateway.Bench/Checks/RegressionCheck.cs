using System.Globalization;

namespace Gateway.Bench.Checks;

/// <summary>Whether the gateway costs no more than is expected of it: measures it beside the floor, and compares the ratios.</summary>
public sealed class RegressionCheck(BenchOptions options)
{
    /// <summary>Writes a line for each figure. False when one got worse, and that is not what is expected from now on.</summary>
    public async Task<bool> RunAsync(TextWriter output)
    {
        // First: a file that cannot be read is not found out after minutes of measuring.
        var expectations = Expectations.Read();
        var measurements = await new Bench(options).RunAsync(output);
        MeasuredFigure[] figures =
        [
            .. from figure in Figure.All
               from measurement in measurements
               where measurement.Workload == figure.Workload
               select figure.Of(measurement),
        ];

        await output.WriteLineAsync("| figure | expected | tolerance | measured | in the rounds | |\n|---|--:|--:|--:|--:|---|");
        foreach (var figure in figures)
        {
            await output.WriteLineAsync(Line(figure, expectations[figure.Figure]));
        }

        await output.WriteLineAsync();
        if (options.IsUpdate)
        {
            expectations.With(figures).Write();
            await output.WriteLineAsync($"{Expectations.File} has the measured figures now.");
            return true;
        }

        string[] worse =
        [
            .. from figure in figures
               where expectations[figure.Figure].Of(figure.Typical) is Verdict.Worse
               select figure.Figure.Name,
        ];
        await output.WriteLineAsync(worse is [] ? "Nothing got worse." : $"Got worse: {string.Join("; ", worse)}.");
        return worse is [];
    }

    private static string Line(MeasuredFigure figure, Expectation expectation)
    {
        var verdict = expectation.Of(figure.Typical) switch
        {
            Verdict.Worse => "WORSE",
            Verdict.Better => "better: update the file",
            _ => "ok",
        };
        var expected = string.Create(CultureInfo.InvariantCulture, $"{expectation.Expected:N2} | ± {expectation.Tolerance:N2}");
        var measured = string.Create(CultureInfo.InvariantCulture, $"{figure.Typical:N2} | {figure.Rounds.Min():N2} to {figure.Rounds.Max():N2}");
        return $"| {figure.Figure.Name} | {expected} | {measured} | {verdict} |";
    }
}
