using System.Xml.Linq;

namespace Gateway.Architecture.Tests;

/// <summary>A test that hangs ends its run and is named, in every test project.</summary>
public class HangLimitTests
{
    private const string Setting = "RunSettingsFilePath";
    private const string Props = "Directory.Build.props";

    [Fact]
    public void TestProjects_All_RunUnderTheSettingsWithTheLimit()
    {
        string[] projects = [.. Repository.Projects.Where(project => project.EndsWith(".Tests.csproj", StringComparison.Ordinal))];

        Assert.NotEmpty(projects);
        Assert.All(projects, project =>
        {
            Assert.StartsWith("tests/", project, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, Props)), $"{project} has a {Props} of its own");
            Assert.Empty(Repository.ReadXml(project).Descendants(Setting));
        });
        Assert.Equal("$(MSBuildThisFileDirectory)tests.runsettings", Repository.ReadXml($"tests/{Props}").Descendants(Setting).Single().Value);
    }

    [Fact]
    public void Settings_EndARunInWhichNothingHappens()
    {
        var settings = Repository.ReadXml("tests/tests.runsettings");
        var collector = settings.Descendants("DataCollector").Single(Blame);
        var limit = collector.Descendants("CollectDumpOnTestSessionHang").Single();

        Assert.Equal(("True", "5min", "None"), ((string?)collector.Attribute("enabled"), (string?)limit.Attribute("TestTimeout"), (string?)limit.Attribute("HangDumpType")));
        Assert.Equal("True", (string?)settings.Descendants("Logger").Single(Blame).Attribute("enabled"));

        static bool Blame(XElement element) => (string?)element.Attribute("friendlyName") == "blame";
    }
}
