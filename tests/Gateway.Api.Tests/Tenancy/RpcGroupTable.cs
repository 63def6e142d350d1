using Gateway.Testing;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>The table of docs/rpc-groups.md, as its reader understands it.</summary>
internal static class RpcGroupTable
{
    public static IReadOnlyDictionary<string, (string Group, string Own, string Owner)> Rows { get; } =
        File.ReadLines(Path.Combine(Repository.Root, "docs", "rpc-groups.md"))
            .SkipWhile(line => !line.StartsWith("| RPC |", StringComparison.Ordinal))
            .Skip(2)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1].Trim('`'), cells => (cells[2], Cell(cells[3]), Cell(cells[4])));

    private static string Cell(string text) => text == "—" ? "" : text;
}
