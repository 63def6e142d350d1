namespace Gateway.Api.Hosting;

/// <summary>Where <c>appsettings.json</c> is read from.</summary>
internal static class ContentRoot
{
    /// <summary>
    /// The working directory when it holds an <c>appsettings.json</c>, of whatever kind, so that editing it there takes effect at once;
    /// else the program's own directory, which holds the one it was built with.
    /// </summary>
    public static string Choose()
    {
        var working = Directory.GetCurrentDirectory();
        return Path.Exists(Path.Combine(working, "appsettings.json")) ? working : AppContext.BaseDirectory;
    }
}
