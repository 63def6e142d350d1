namespace Gateway.Bench.Checks;

/// <summary>A figure as it was measured.</summary>
/// <param name="Figure">The figure.</param>
/// <param name="Typical">Its value, from the medians of the rounds.</param>
/// <param name="Rounds">What it would be from each round alone, which shows how far chance goes.</param>
public sealed record MeasuredFigure(Figure Figure, double Typical, IReadOnlyList<double> Rounds);
