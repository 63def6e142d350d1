using System.Text.RegularExpressions;
using Clarifai.Auth.Util;
using Google.Protobuf.Reflection;

namespace Gateway.Protos.Tests;

public class ServiceTests
{
    [Fact]
    public void Service_Name_IsTheOneOnTheWire()
    {
        Assert.Equal("clarifai.api.V2", V2.Service.FullName);
    }

    [Fact]
    public void Rpcs_Counts_AreThoseOfVersion12_5()
    {
        var kinds = V2.Service.Methods.CountBy(rpc => (rpc.IsClientStreaming, rpc.IsServerStreaming)).ToDictionary();

        Assert.Equal(273, V2.Service.Methods.Count);
        Assert.Equal(264, kinds[(false, false)]);
        Assert.Equal(4, kinds[(false, true)]);
        Assert.Equal(5, kinds[(true, true)]);
    }

    [Fact]
    public void Rpcs_Credential_IsAlwaysStated()
    {
        var silent = V2.Service.Methods
            .Where(rpc => rpc.GetOptions().GetExtension(AccessExtensions.Credential) == Credential.Unspecified);

        Assert.Empty(silent.Select(rpc => rpc.Name));
    }

    [Fact]
    public void Rpcs_Bindings_AreNeverMissing()
    {
        Assert.Empty(V2.Service.Methods.Where(rpc => !V2.BindingsOf(rpc).Any()).Select(rpc => rpc.Name));
        Assert.Equal(467, V2.Bindings.Count());
    }

    [Fact]
    public void Bindings_Rules_AreNotNestedDeeper()
    {
        Assert.DoesNotContain(
            V2.Bindings,
            binding => binding.Rule.AdditionalBindings.Any(inner => inner.AdditionalBindings.Count > 0));
    }

    [Fact]
    public void Bindings_PathVariables_AreSingularStringFieldsOfTheRequest()
    {
        var astray =
            from binding in V2.Bindings
            from variable in Variables(V2.Path(binding.Rule))
            where Resolve(binding.Rpc.InputType, variable) is not { FieldType: FieldType.String or FieldType.Enum, IsRepeated: false }
            select $"{binding.Rpc.Name}: {variable}";

        Assert.Empty(astray);
    }

    [Fact]
    public void Bindings_Paths_ArePlainSegments()
    {
        var odd = V2.Bindings.Select(binding => V2.Path(binding.Rule))
            .Where(path => !Regex.IsMatch(path, @"^/v2(/([a-zA-Z0-9_\-]+|\{[a-z0-9_]+(\.[a-z0-9_]+)*\}))+$"));

        Assert.Empty(odd);
    }

    [Fact]
    public void Bindings_Body_IsEverythingOrNothing()
    {
        Assert.Equal(["", "*"], V2.Bindings.Select(binding => binding.Rule.Body).Distinct().Order());
        Assert.Equal([""], V2.Bindings.Select(binding => binding.Rule.ResponseBody).Distinct());
    }

    [Fact]
    public void Bindings_Collisions_AreTheFourKnownOnes()
    {
        var collisions = V2.Bindings
            .GroupBy(binding => (V2.Verb(binding.Rule), V2.Path(binding.Rule)), binding => binding.Rpc.Name)
            .Where(group => group.Count() > 1)
            .Select(group => string.Join(' ', group.Order()))
            .Order();

        Assert.Equal(
            [
                "ListLogEntries StreamLogEntries",
                "ListLogEntries StreamLogEntries",
                "ListPipelines PostPipelines",
                "PatchRunners PostRunners",
            ],
            collisions);
    }

    private static IEnumerable<string> Variables(string path) =>
        Regex.Matches(path, @"\{([^}]+)\}").Select(match => match.Groups[1].Value);

    private static FieldDescriptor? Resolve(MessageDescriptor message, string path)
    {
        var names = path.Split('.');
        var holder = names[..^1].Aggregate(
            (MessageDescriptor?)message,
            (at, name) => at?.FindFieldByName(name) is { FieldType: FieldType.Message, IsRepeated: false } field ? field.MessageType : null);
        return holder?.FindFieldByName(names[^1]);
    }
}
