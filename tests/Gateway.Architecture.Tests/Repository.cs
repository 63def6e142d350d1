using System.Xml.Linq;

namespace Gateway.Architecture.Tests;

/// <summary>The files of this repository, as they are checked out around the running test.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every project file, relative to the root.</summary>
    public static IReadOnlyList<string> Projects { get; } = [.. Files("src", "*.csproj"), .. Files("tests", "*.csproj"), .. Files("bench", "*.csproj"), .. Files("protos", "*.csproj")];

    /// <summary>Files written by hand below a folder, relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "Migrations"))
            .Order(StringComparer.Ordinal);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static XDocument ReadXml(string file) => XDocument.Load(Path.Combine(Root, file));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Gateway.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("No Gateway.sln above the test.");
    }
}
