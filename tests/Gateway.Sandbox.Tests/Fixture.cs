using System.Runtime.CompilerServices;

namespace Gateway.Sandbox.Tests;

/// <summary>The files in Fixtures: made by foreign encoders, see make.sh there.</summary>
internal static class Fixture
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Fixtures");

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    /// <summary>The names, without folder and extension, of the files with that extension.</summary>
    public static IEnumerable<string> Names(string folder, string extension) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), "*" + extension).Select(file => Path.GetFileNameWithoutExtension(file));

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
