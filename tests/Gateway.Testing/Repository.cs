namespace Gateway.Testing;

/// <summary>The checked-out repository that the tests were built in.</summary>
public static class Repository
{
    private static readonly Lazy<string> FoundRoot = new(Find);

    /// <summary>The folder of Gateway.sln.</summary>
    public static string Root => FoundRoot.Value;

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Gateway.sln is in no folder above the tests.");
    }
}
