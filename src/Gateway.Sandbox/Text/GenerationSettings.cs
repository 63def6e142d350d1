namespace Gateway.Sandbox.Text;

/// <summary>How a text is continued.</summary>
/// <param name="MaxTokens">The most tokens to make, 1 to <see cref="TokenLimit"/>.</param>
/// <param name="Temperature">0 always takes the likeliest token, 1 draws by likelihood, up to <see cref="TemperatureLimit"/> evens it
/// out.</param>
/// <param name="Seed">The same prompt, settings and seed give the same text.</param>
internal readonly record struct GenerationSettings(int MaxTokens, double Temperature, int Seed)
{
    public const int TokenLimit = 4096;
    public const double TemperatureLimit = 2;

    public static GenerationSettings Default { get; } = new(64, 0.7, 0);
}
