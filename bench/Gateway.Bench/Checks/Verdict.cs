namespace Gateway.Bench.Checks;

/// <summary>How a figure is beside what was expected of it.</summary>
public enum Verdict
{
    Ok,
    Worse,
    Better,
}
