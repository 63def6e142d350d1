namespace Gateway.Fuzz.Checks;

/// <summary>An input that something is wrong with.</summary>
/// <param name="What">What is wrong; the same words for the same kind of fault.</param>
/// <param name="Input">The input.</param>
/// <param name="Detail">What was expected and what came.</param>
internal sealed record Finding(string What, Input Input, string Detail)
{
    /// <summary>What runs this program, from the repository's root.</summary>
    public const string Command = "dotnet run -c Release --project tests/Gateway.Fuzz --";

    private const int MaxShown = 1_000;

    public override string ToString() => $"{What}\n  {Command} {Input}\n  {(Detail.Length > MaxShown ? Detail[..MaxShown] + "..." : Detail)}";
}
