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

    private static IEnumerable<string> OfDocument(string path)
    {
        var text = File.ReadAllText(path);
        return [.. OfTables(text.Split('\n')), .. TenantExample().Matches(text).SelectMany(example => OfTenant(example.Value))];
    }

    private static IEnumerable<string> OfTables(string[] lines)
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

            foreach (var name in OfCell(cells[1]))
            {
                yield return name;
            }
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

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("""(?<=^```json\n)\{\n  "Gateway": \{\n(?:(?!^```).)*"Tenants": \{.*?(?=^```$)""", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex TenantExample();
}
