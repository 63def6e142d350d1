using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests;

/// <summary>A file's folder says its namespace, so that a name leads to its file.</summary>
public partial class NamespaceTests
{
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Namespace_OfEveryFile_IsItsFolder(string root)
    {
        var misplaced =
            from file in Repository.Files(root, "*.cs")
            // A project may stand in a folder with what belongs to it (tests/conformance); names start at the project's own.
            let expected = string.Join('.', file.Split('/')[1..^1].SkipWhile(folder => !folder.StartsWith("Gateway.", StringComparison.Ordinal)))
            let actual = Declared(file)
            where actual != expected
            select $"{file}: {actual}, not {expected}";

        Assert.Empty(misplaced);
    }

    // Top-level statements have no namespace; only the host's Program.cs holds them.
    private static string Declared(string file)
    {
        if (file == "src/Gateway.Api/Program.cs") return "Gateway.Api";
        return Namespace().Match(Repository.Read(file)).Groups[1].Value;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
