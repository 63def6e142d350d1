namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>Chance that always falls the same way.</summary>
internal sealed class FixedRandom(double value) : Random
{
    public override double NextDouble() => value;
}
