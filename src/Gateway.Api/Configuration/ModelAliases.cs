namespace Gateway.Api.Configuration;

/// <summary>
/// Reads the aliases of models. Configuration cuts keys at colons, and names of models have some: <c>llama3:8b</c> is a key in a key there, so a name is all
/// of its keys put together again.
/// </summary>
internal static class ModelAliases
{
    /// <summary>The aliases of a section, with what each stands for.</summary>
    public static Dictionary<string, string> In(IConfiguration section) => section.AsEnumerable(makePathsRelative: true)
        .Where(entry => entry.Value is { Length: > 0 } || (entry.Value is not null && !HasLongerNames(section, entry.Key)))
        .ToDictionary(entry => entry.Key, entry => entry.Value!, StringComparer.Ordinal);

    // The beginning of longer names has no value of its own, which some sources spell as an empty one.
    private static bool HasLongerNames(IConfiguration section, string name) => section.GetSection(name).GetChildren().Any();
}
