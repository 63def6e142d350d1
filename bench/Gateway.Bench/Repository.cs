namespace Gateway.Bench;

/// <summary>The clone of this repository that the bench was built in.</summary>
internal static class Repository
{
    /// <summary>Its folder, with a separator at the end.</summary>
    public static string Root { get; } =
        AppContext.BaseDirectory[..AppContext.BaseDirectory.IndexOf(Path.Combine("bench", "Gateway.Bench"), StringComparison.Ordinal)];
}
