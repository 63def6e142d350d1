namespace Gateway.Api.Tests.Faces.HomeAssistant;

/// <summary>Chance that always comes down in the middle.</summary>
internal sealed class Half : Random
{
    public override double NextDouble() => 0.5;
}
