using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Testing;

namespace Gateway.Api.Tests.Configuration;

/// <summary>The settings that the documentation names: in its tables, and for tenants in the example.</summary>
internal static partial class DocumentedSettings
{
    private const string TableHead = "| setting |";
    private const string TenantSection = "Gateway:Tenants:<name>:";

    private static readonly string[] Documents = Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md");

    /// <summary>Full names, each once.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Documents.SelectMany(OfDocument).Distinct()];

    /// <summary>The settings whose default a table gives as a value, with it; where a row has several, in its order.</summary>
    public static IReadOnlyList<(string Name, string Default)> Defaults { get; } =
    [
        .. from document in Documents
           from cells in Rows(File.ReadAllText(document).Split('\n'))
           let names = OfCell(cells[1]).ToList()
           let values = cells[2].Split(", ", StringSplitOptions.TrimEntries)
           where names.Count == values.Length && values.All(value => Value().IsMatch(value))
           from setting in names.Zip(values)
           select (setting.First, setting.Second.Trim('`')),
    ];

    private static IEnumerable<string> OfDocument(string path)
    {
        var text = File.ReadAllText(path);
        return [.. Rows(text.Split('\n')).SelectMany(cells => OfCell(cells[1])), .. TenantExample().Matches(text).SelectMany(example => OfTenant(example.Value))];
    }

    private static IEnumerable<string[]> Rows(string[] lines)
    {
        var inTable = false;
        foreach (var line in lines)
        {
            inTable = line.StartsWith(TableHead, StringComparison.Ordinal) || (inTable && line.StartsWith('|'));
            var cells = line.Split('|', StringSplitOptions.TrimEntries);

            // The line of dashes has no name; a row that says "see" stands for settings that are named elsewhere.
            if (!inTable || cells[^2].StartsWith("see [", StringComparison.Ordinal))
            {
                continue;
            }

            yield return cells;
        }
    }

    // `Section:One`, `:Two` are Section:One and Section:Two.
    private static IEnumerable<string> OfCell(string cell)
    {
        var section = "";
        foreach (var name in Code().Matches(cell).Select(match => match.Groups[1].Value))
        {
            var full = name.StartsWith(':') ? section + name : name;
            section = full.LastIndexOf(':') is > 0 and var end ? full[..end] : "";
            yield return full;
        }
    }

    private static IEnumerable<string> OfTenant(string json)
    {
        using var example = JsonDocument.Parse(json);
        var tenants = example.RootElement.GetProperty("Gateway").GetProperty("Tenants");
        foreach (var setting in tenants.EnumerateObject().SelectMany(tenant => tenant.Value.EnumerateObject()))
        {
            yield return TenantSection + setting.Name + (setting.Value.ValueKind == JsonValueKind.Array ? ":0" : "");
        }
    }

    // A number, a time, a word; other words of a default say what it is.
    [GeneratedRegex("^([0-9]+|`[^` ]+`)$")]
    private static partial Regex Value();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("""(?<=^```json\n)\{\n  "Gateway": \{\n(?:(?!^```).)*"Tenants": \{.*?(?=^```$)""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex TenantExample();
}
