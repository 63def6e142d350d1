namespace Gateway.Bench.Reports;

/// <summary>The middle one of several figures, the upper of two.</summary>
internal static class Median
{
    public static double Of(IReadOnlyCollection<double> figures) => figures.Order().ElementAt(figures.Count / 2);
}
