using System.Globalization;
using Gateway.Bench.Peers;

namespace Gateway.Bench.Reports;

/// <summary>
/// Medians as a Markdown table: a row for each figure, a column for each build; where there are two, the ratio of the first to the second.
/// </summary>
/// <param name="title">What the rows are of.</param>
/// <param name="format">How a figure is written.</param>
/// <param name="builds">The builds.</param>
internal sealed class BuildTable(string title, string format, IReadOnlyList<Peer> builds)
{
    private readonly OrderedDictionary<string, Dictionary<Peer, List<double>>> _rows = [];

    /// <summary>Adds what one round gave.</summary>
    public void Add(string row, Peer build, double figure)
    {
        if (!_rows.TryGetValue(row, out var figures))
        {
            _rows.Add(row, figures = builds.ToDictionary(build => build, _ => new List<double>()));
        }

        figures[build].Add(figure);
    }

    public IEnumerable<string> Lines()
    {
        yield return $"| {title} |{string.Concat(builds.Select(build => $" {build.Name} |"))}{(builds is [_, _] ? " × |" : "")}";
        yield return $"|---|{string.Concat(builds.Select(_ => "--:|"))}{(builds is [_, _] ? "--:|" : "")}";
        foreach ((var row, var figures) in _rows)
        {
            double[] medians = [.. builds.Select(build => Median.Of(figures[build]))];
            var ratio = medians is [var first, var second] ? $" {(first / second).ToString("N2", CultureInfo.InvariantCulture)} |" : "";
            var columns = string.Concat(medians.Select(median => $" {median.ToString(format, CultureInfo.InvariantCulture)} |"));
            yield return $"| {row} |{columns}{ratio}";
        }

        yield return "";
    }
}
