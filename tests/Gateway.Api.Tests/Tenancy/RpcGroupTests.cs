using Clarifai.Api;
using Gateway.Api.Tenancy;
using Gateway.Core.Json;
using Gateway.Core.Schema;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>Every RPC is where the documentation has it.</summary>
public sealed class RpcGroupTests
{
    private static readonly ApiSchema Schema = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai);

    [Fact]
    public void Table_OfTheDocumentation_IsWhatTheGatewayDoes() => Assert.Equal(
        RpcGroupTable.Rows.Select(row => $"{row.Key} {row.Value.Group} {row.Value.Own} {row.Value.Owner}").Order(),
        Schema.Rpcs.Select(RpcRule.Of).Select(rule => $"{rule.Name} {RpcGroups.NameOf(rule.Group)} {Text(rule.Own)} {Text(rule.Owner)}").Order());

    [Fact]
    public void Groups_HaveAsManyRpcsAsTheDocumentationSays()
    {
        var said = File.ReadLines(Path.Combine(Gateway.Testing.Repository.Root, "docs", "rpc-groups.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 5 && RpcGroups.TryFind(cells[1].Trim('`'), out _))
            .ToDictionary(cells => cells[1].Trim('`'), cells => int.Parse(cells[2], System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(said, RpcGroupTable.Rows.Values.CountBy(row => row.Group).ToDictionary());
    }

    private static string Text(OwnResource own) => own == OwnResource.None ? "" : own.ToString().ToLowerInvariant();

    private static string Text(RpcOwner owner) => owner == RpcOwner.Unsaid ? "" : owner.ToString().ToLowerInvariant();
}
