using Gateway.Fuzz.Rules;

namespace Gateway.Fuzz;

/// <summary>
/// Past findings, as small as they get, and an example of each rule: <c>corpus.tsv</c>, replayed before anything random. A line is
/// <code>
///   type TAB form TAB input TAB rule TAB note        form: json, json-hex or wire; rule: the one that the input meets, or -
/// </code>
/// </summary>
internal static class Corpus
{
    private const string NoRule = "-";

    private static string File { get; } = Path.Combine(AppContext.BaseDirectory, "corpus.tsv");

    /// <summary>Replays all lines. A rule that no line meets is a finding, too.</summary>
    public static IEnumerable<string> Replay(out int count)
    {
        string[] lines = [.. System.IO.File.ReadLines(File).Where(line => line.Length > 0 && line[0] != '#')];
        count = lines.Length;
        return [.. lines.Select(Replay).OfType<string>(), .. UnusedRules(lines)];
    }

    private static string? Replay(string line)
    {
        var columns = line.Split('\t');
        if (columns.Length != 5 || Input.Parse(columns[0], columns[1], columns[2]) is not { } input)
        {
            return $"corpus.tsv: not five columns with a type, a form and an input: {line}";
        }

        using var run = new FuzzCase();
        if (run.Check(input) is { } finding)
        {
            return $"corpus.tsv: {finding}";
        }

        return columns[3] == NoRule || run.Tally.Rules.Keys.Any(rule => rule.Name == columns[3]) ? null
            : $"corpus.tsv: the rule is not met: {line}";
    }

    private static IEnumerable<string> UnusedRules(string[] lines) =>
        from rule in JsonRules.All.Concat<Rule>(WireRules.All)
        where !lines.Any(line => line.Split('\t') is [_, _, _, var name, _] && name == rule.Name)
        select $"corpus.tsv: no line for the rule '{rule.Name}'";
}
