using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests;

/// <summary>What a reader is sent to is there.</summary>
public partial class DocumentTests
{
    private static readonly string[] Documents =
    [
        .. Directory.GetFiles(Repository.Root, "*.md").Select(file => Path.GetRelativePath(Repository.Root, file)),
        .. new[] { "docs", "src", "tests", "bench", "protos", "samples" }.SelectMany(folder => Repository.Files(folder, "*.md")),
    ];

    [Fact]
    public void Link_ToAFileOrAHeading_LeadsThere()
    {
        var broken =
            from document in Documents
            from Match link in Link().Matches(Repository.Read(document))
            let target = link.Groups["file"].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, link.Groups["file"].Value)
            where !IsThere(target, link.Groups["heading"].Value)
            select $"{document}: {link.Value}";

        Assert.Empty(broken);
    }

    [Fact]
    public void Page_OfTheReference_IsInItsIndex()
    {
        var named = Link().Matches(Repository.Read("docs/README.md")).Select(link => $"docs/{link.Groups["file"].Value}");

        Assert.Empty(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}").Except(named).Except(["docs/README.md"]));
    }

    [Theory]
    [InlineData("Gateway.Core")]
    [InlineData("Gateway.Api")]
    public void Room_IsExplained_InItsOrder(string project)
    {
        var section = Repository.Read("CONTRIBUTING.md").Split($"\n### {project}\n")[1].Split("\n#")[0];

        Assert.Equal(Rooms.LayersOf(project), Row().Matches(section).Select(row => row.Groups[1].Value));
    }

    [Fact]
    public void Readme_IsForSomebodyInAHurry() => Assert.InRange(Repository.Read("README.md").Count(character => character == '\n'), 1, 149);

    private static bool IsThere(string file, string heading)
    {
        var path = Path.Combine(Repository.Root, file);
        return heading.Length == 0 ? Path.Exists(path) : Heading().Matches(File.ReadAllText(path)).Any(line => Anchor(line.Groups[1].Value) == heading);
    }

    // As GitHub makes it: small letters, a hyphen for each space, no punctuation.
    private static string Anchor(string heading) => Punctuation().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    // [text](file), [text](file#heading), [text](#heading); addresses have a colon.
    [GeneratedRegex(@"\]\((?<file>[^()#:\s]*)(?:#(?<heading>[^()\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
