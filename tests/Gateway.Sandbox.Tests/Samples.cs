using System.Runtime.CompilerServices;

namespace Gateway.Sandbox.Tests;

/// <summary>The sample files at the top of the repository.</summary>
internal static class Samples
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder(), name));

    private static string Folder([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "samples");
}
