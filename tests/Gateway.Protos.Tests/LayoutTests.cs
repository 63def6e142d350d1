using Clarifai.Api;
using Google.Protobuf.Reflection;

namespace Gateway.Protos.Tests;

/// <summary>The rules of protos/README.md that a compiler does not check.</summary>
public class LayoutTests
{
    private const string Resources = "clarifai/api/resources/";

    [Fact]
    public void Resources_Imports_NameNoDomain()
    {
        string[] allowed = [Resources, "clarifai/api/status/", "clarifai/api/utils/", "clarifai/auth/", "google/"];

        var astray =
            from file in V2.Files
            where file.Name.StartsWith(Resources, StringComparison.Ordinal)
            from import in file.Dependencies
            where !allowed.Any(folder => import.Name.StartsWith(folder, StringComparison.Ordinal))
            select $"{file.Name} imports {import.Name}";

        Assert.Empty(astray);
    }

    [Fact]
    public void Files_CSharpNamespace_FollowsThePackage()
    {
        var astray = V2.Files
            .Where(file => !string.Equals(file.ToProto().Options.CsharpNamespace, Namespace(file.Package), StringComparison.OrdinalIgnoreCase))
            .Select(file => file.Name);

        Assert.Empty(astray);
    }

    [Fact]
    public void Files_OfTheAssembly_AreAllReachedByTheService()
    {
        var compiled =
            from type in typeof(ServiceReflection).Assembly.GetTypes()
            where type.Name.EndsWith("Reflection", StringComparison.Ordinal)
            select (FileDescriptor)type.GetProperty(nameof(ServiceReflection.Descriptor))!.GetValue(null)!;

        Assert.Empty(compiled.Select(file => file.Name).Except([.. V2.Files.Select(file => file.Name), "google/api/annotations.proto", "google/api/http.proto"]));
    }

    // A type without a package still needs a C# namespace.
    private static string Namespace(string package) => package.Length == 0 ? "Clarifai.Api" : package;
}
