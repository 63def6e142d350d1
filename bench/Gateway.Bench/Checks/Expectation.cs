namespace Gateway.Bench.Checks;

/// <summary>What a figure is expected to be.</summary>
/// <param name="Expected">Its value.</param>
/// <param name="Tolerance">How far from that it may be by chance, either way.</param>
public sealed record Expectation(double Expected, double Tolerance)
{
    public Verdict Of(double measured) =>
        measured > Expected + Tolerance ? Verdict.Worse
        : measured < Expected - Tolerance ? Verdict.Better
        : Verdict.Ok;
}
