namespace Gateway.Core.Wire;

/// <summary>What protobuf's own readers take; more is as good as malformed to them.</summary>
public static class WireLimits
{
    /// <summary>
    /// How deep messages nest below the outermost one, the entries of maps included: the recursion limit of protobuf for C++, C#, Java and
    /// Python, unless a reader was given another. A <c>Struct</c> takes three for each level of its JSON.
    /// </summary>
    public const int MaxDepth = 100;
}
