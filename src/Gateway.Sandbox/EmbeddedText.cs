using System.Reflection;

namespace Gateway.Sandbox;

/// <summary>The texts compiled into this assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>Reads a file of the Text folder.</summary>
    public static string Read(string fileName)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream($"{typeof(EmbeddedText).Namespace}.Text.{fileName}")
            ?? throw new InvalidOperationException($"The text {fileName} is not compiled in.");
        return new StreamReader(stream).ReadToEnd();
    }
}
