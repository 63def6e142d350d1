using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests;

/// <summary>A file's folder says its namespace, so that a name leads to its file.</summary>
public partial class NamespaceTests
{
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("bench")]
    public void Namespace_OfEveryFile_IsItsFolder(string root)
    {
        var misplaced =
            from file in Repository.Files(root, "*.cs")
            // A project may stand in a folder with what belongs to it (tests/conformance); names start at the project's own.
            let expected = string.Join('.', file.Split('/')[1..^1].SkipWhile(folder => !folder.StartsWith("Gateway.", StringComparison.Ordinal)))
            let actual = Declared(file)
            where actual != expected && !HasNone(file, actual)
            select $"{file}: {actual}, not {expected}";

        Assert.Empty(misplaced);
    }

    private static string Declared(string file) => Namespace().Match(Repository.Read(file)).Groups[1].Value;

    // Top-level statements have no namespace, nor has the one type that the runtime asks for by its bare name.
    private static bool HasNone(string file, string actual) => actual.Length == 0 && Path.GetFileName(file) is ("Program.cs" or "StartupHook.cs");

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
