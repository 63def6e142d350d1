using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gateway.Architecture.Tests;

/// <summary>Every dependency is exact, has its reason beside it, and is needed.</summary>
public partial class PackageTests
{
    private static readonly IReadOnlyList<XElement> Packages = [.. Repository.ReadXml("Directory.Packages.props").Descendants("PackageVersion")];

    [Fact]
    public void Version_OfEveryPackage_IsExact()
    {
        Assert.NotEmpty(Packages);
        Assert.Empty(Packages.Where(package => !ExactVersion().IsMatch(package.Attribute("Version")!.Value)).Select(Name));
    }

    [Fact]
    public void Package_HasIts_ReasonAboveIt() => Assert.Empty(Packages.Where(package => !HasReason(package)).Select(Name));

    [Fact]
    public void Package_IsUsed_BySomeProject()
    {
        var locked = Repository.Projects.SelectMany(LockedPackages).ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.All(Packages.Select(Name), name => Assert.Contains(name, locked));
    }

    [Fact]
    public void Version_StandsNowhere_ButInTheCentralList()
    {
        var versioned = Repository.Projects.Where(project => Repository.ReadXml(project).Descendants("PackageReference")
            .Any(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null));

        Assert.Empty(versioned);
    }

    private static string Name(XElement package) => package.Attribute("Include")!.Value;

    private static bool HasReason(XElement package) => package.PreviousNode is XComment;

    /// <summary>What the project's lock file pins, direct or not.</summary>
    private static IEnumerable<string> LockedPackages(string project)
    {
        var file = $"{Path.GetDirectoryName(project)}/packages.lock.json";
        using var json = JsonDocument.Parse(Repository.Read(file));
        return [.. json.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject()).Select(package => package.Name)];
    }

    [GeneratedRegex(@"^\[\d+(\.\d+)+(-beta\.\d+)?\]$")]
    private static partial Regex ExactVersion();
}
