using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Api.Stored;

namespace Gateway.Api.Commands;

/// <summary><c>usage</c> and <c>audit</c>: what was used, and who did what.</summary>
internal static class ReportCommands
{
    private const int DefaultCount = 100;

    private static readonly string[] UsageHeads =
    [
        "Day", "Tenant", "Key", "Model", "Requests", "Inputs", "Bytes in", "Bytes out", "Prompt tokens", "Completion tokens",
        "Cached tokens",
    ];

    /// <summary>What was used.</summary>
    /// <param name="settings">Settings of the command line.</param>
    public static Command Usage(string[] settings)
    {
        var from = Text("--from", "DAY", "The first day (UTC), as 2030-01-31; the first of this month, unless it is said.");
        var to = Text("--to", "DAY", "The last day; today, unless it is said.");
        var tenant = Text("--tenant", "NAME", "Whose; all, unless it is said.");
        var key = Text("--key", "NAME", "By which key; all, unless it is said.");
        var model = Text("--model", "ID", "Of what; all, unless it is said.");
        var csv = new Option<bool>("--csv") { Description = "CSV, with the names of the columns on the first line." };
        var json = Screen.JsonOption();
        var command = new Command("usage", "Tells what was used, by day, tenant, key and model.")
        {
            from, to, tenant, key, model, csv, json,
        };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var usage = client.Administration.Usage;
            var query = StoreClient.Done(usage.QueryOf(
                parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(tenant), parsed.GetValue(key), parsed.GetValue(model)));
            var rows = usage.ReadAsync(query, cancellationToken);
            if (parsed.GetValue(csv))
            {
                Screen.Write(UsageReport.CsvHead());
                await foreach (var row in rows)
                {
                    Screen.Write(UsageReport.CsvLine(row));
                }

                return;
            }

            var all = await rows.ToListAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(new JsonObject
                {
                    ["from"] = UsageReport.DayText(query.From),
                    ["to"] = UsageReport.DayText(query.To),
                    ["usage"] = new JsonArray([.. all.Select(AdministrationJson.Of)]),
                });
                return;
            }

            Screen.WriteTable(UsageHeads, all.Select(UsageReport.ValuesOf).Select(row =>
                row.Texts.Concat(row.Numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))).ToArray()));
        });
        return command;
    }

    /// <summary>Who did what.</summary>
    /// <param name="settings">Settings of the command line.</param>
    public static Command Audit(string[] settings)
    {
        var tenant = Text("--tenant", "NAME", "Whose; all, unless it is said. By its id, where it is gone.");
        var count = CountOption.Create("--limit", $"How many at most; {DefaultCount}, unless it is said.");
        var json = Screen.JsonOption();
        var command = new Command("audit", "Tells who did what to tenants, keys and tokens, the latest first.") { tenant, count, json };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var page = StoreClient.Done(await client.Administration.ListAuditAsync(
                parsed.GetValue(tenant), null, parsed.GetValue(count) ?? DefaultCount, cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(new JsonObject { ["audit"] = new JsonArray([.. page.Items.Select(AdministrationJson.Of)]) });
                return;
            }

            Screen.WriteTable(
                ["When", "Who", "What", "Tenant", "Which", "Changed"],
                page.Items.Select(entry => new[]
                {
                    AdministrationJson.Text(entry.At), entry.Actor, entry.Action, entry.TenantName, entry.Target ?? "", entry.Changed,
                }));
        });
        return command;
    }

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };
}
