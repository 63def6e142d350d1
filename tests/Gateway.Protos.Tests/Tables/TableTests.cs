using System.Reflection;

namespace Gateway.Protos.Tests.Tables;

/// <summary>Compares the compiled descriptors with every row of the fact tables, both ways: nothing missing, nothing extra.</summary>
public class TableTests
{
    private static readonly string Folder = typeof(TableTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ClarifaiV2Tables")
        .Value!;

    [Fact]
    public void Fields_AgainstTheTable_AreTheSame() => AssertSame(Rows("fields.tsv"), DescriptorTables.Fields());

    [Fact]
    public void Enums_AgainstTheTable_AreTheSame() => AssertSame(Rows("enums.tsv"), DescriptorTables.Enums());

    [Fact]
    public void Rpcs_AgainstTheTable_AreTheSame() => AssertSame(Rows("rpcs.tsv"), DescriptorTables.Rpcs());

    [Fact]
    public void Routes_AgainstTheTable_AreTheSameInTheSameOrder()
    {
        // The order of an RPC's bindings counts, so each row gets its place among its RPC's.
        var expected = Rows("routes.tsv")
            .GroupBy(row => row.Split('\t')[0])
            .SelectMany(group => group.Select((row, index) => $"{row}\t#{index}"));

        AssertSame(expected, DescriptorTables.Routes());
    }

    private static IEnumerable<string> Rows(string file) => File.ReadLines(Path.Combine(Folder, file)).Skip(1);

    private static void AssertSame(IEnumerable<string> table, IEnumerable<string> descriptors)
    {
        var (expected, actual) = (table.ToList(), descriptors.ToList());
        var differences = expected.Except(actual).Select(row => $"missing: {row}")
            .Concat(actual.Except(expected).Select(row => $"extra:   {row}"))
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.NotEmpty(expected);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Equal(expected.Count, actual.Count);
    }
}
