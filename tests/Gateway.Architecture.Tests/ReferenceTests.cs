using System.Reflection;
using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests;

/// <summary>Who may use whom, read from what the compiler wrote down and from the project files.</summary>
public partial class ReferenceTests
{
    public static TheoryData<string, string[], string[]> AllRooms => Rooms.All;

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void Assembly_UsesOnly_TheRoomsBelowIt(string assembly, string[] allowed, string[] forbidden)
    {
        string[] used = [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!)];

        Assert.Empty(used.Where(name => name.StartsWith("Gateway.", StringComparison.Ordinal)).Except(allowed));
        Assert.DoesNotContain(used, name => IsAny(forbidden, name));
    }

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void Project_References_OnlyTheRoomsBelowIt(string assembly, string[] allowed, string[] forbidden)
    {
        var project = Repository.ReadXml(Repository.Projects.Single(file => file.EndsWith($"/{assembly}.csproj", StringComparison.Ordinal)));

        var ours = project.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        var packages = project.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);

        Assert.Empty(ours.Except(allowed));
        // A tool of the build (PrivateAssets) is not something that the code uses: Grpc.Tools compiles the protos.
        Assert.DoesNotContain(packages.Except(["Grpc.Tools"]), name => IsAny(forbidden, name));
    }

    [Fact]
    public void Rooms_AreAll_TheProjectsOfSrc()
    {
        var projects = Repository.Files("src", "*.csproj").Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(projects.Append("Gateway.Protos").Order(), Rooms.All.Select(room => (string?)room[0]).Order());
    }

    [Fact]
    public void Solution_Holds_EveryProject()
    {
        var solution = Repository.Read("Gateway.sln").Replace('\\', '/');

        // The suite's testee is built from protos of an npm package, which its own script installs first.
        Assert.All(Repository.Projects.Except(["tests/conformance/Gateway.Conformance/Gateway.Conformance.csproj"]), project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Gateway.Core")]
    [InlineData("Gateway.Api")]
    public void Folders_AreThe_Rooms(string project)
    {
        var folders = Repository.Files($"src/{project}", "*.cs").Where(file => file.Split('/').Length > 3).Select(file => file.Split('/')[2]).Distinct();

        Assert.Equal(Rooms.LayersOf(project).Order(), folders.Order());
    }

    [Theory]
    [InlineData("Gateway.Core")]
    [InlineData("Gateway.Api")]
    public void Rooms_Know_OnlyThoseBeforeThem(string project)
    {
        var upward =
            from file in Repository.Files($"src/{project}", "*.cs")
            where file.Split('/').Length > 3
            from Match name in RoomName().Matches(Repository.Read(file))
            where name.Groups["project"].Value == project && Rank(project, name.Groups["room"].Value) > Rank(project, file.Split('/')[2])
            select $"{file} names {name.Value}";

        Assert.Empty(upward.Distinct());
    }

    [Fact]
    public void Faces_Know_NoneOfEachOther()
    {
        var sideward =
            from file in Repository.Files("src/Gateway.Api/Faces", "*.cs")
            from Match name in FaceName().Matches(Repository.Read(file))
            where name.Groups[1].Value != file.Split('/')[3]
            select $"{file} names {name.Value}";

        Assert.Empty(sideward.Distinct());
    }

    [Fact]
    public void Program_Offers_NothingButItsEntry() =>
        Assert.Equal(["Program"], Assembly.Load("Gateway.Api").GetExportedTypes().Select(type => type.FullName));

    [Fact]
    public void Handlers_Inherit_AtMostOnce()
    {
        var types = Assembly.Load("Gateway.Api").GetTypes();
        var handlers = types.Where(type => type is { IsAbstract: false } && type.GetInterfaces().Any(IsHandler)).ToArray();

        Assert.NotEmpty(handlers);
        Assert.All(handlers, type => Assert.True(type.BaseType == typeof(object) || type.BaseType!.BaseType == typeof(object), type.FullName));

        static bool IsHandler(Type type) => type.Name is "IRequestHandler" or "IForwardHandler";
    }

    /// <summary>What is handed around whole has no name for what it is.</summary>
    [Fact]
    public void Services_AreHandedOut_ByName()
    {
        var bags = Assembly.Load("Gateway.Api").GetTypes().Where(type => type.Name.EndsWith("Services", StringComparison.Ordinal));

        Assert.All(bags, type => Assert.True(type is { IsAbstract: true, IsSealed: true }, $"{type.FullName} is a bag"));
    }

    private static bool IsAny(string[] prefixes, string name) =>
        prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static int Rank(string project, string room) => Array.IndexOf(Rooms.LayersOf(project), room);

    [GeneratedRegex(@"\b(?<project>Gateway\.(?:Core|Api))\.(?<room>\w+)")]
    private static partial Regex RoomName();

    [GeneratedRegex(@"\bGateway\.Api\.Faces\.(\w+)")]
    private static partial Regex FaceName();
}
