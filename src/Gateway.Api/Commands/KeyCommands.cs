using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Api.Hosting;
using Gateway.Api.Stored;
using Gateway.Store.Definitions;

namespace Gateway.Api.Commands;

/// <summary>
/// <c>key create|list|set|rotate|revoke</c>: keys of the store's tenants. A key that is made is all there is on standard output, so that
/// scripts can take it; what is to be said of it goes to standard error.
/// </summary>
internal static class KeyCommands
{
    /// <summary>Adds them beside <c>key new</c>.</summary>
    /// <param name="group">The command <c>key</c>.</param>
    /// <param name="settings">Settings of the command line.</param>
    public static void AddTo(Command group, string[] settings)
    {
        group.Add(Create(settings));
        group.Add(List(settings));
        group.Add(Set(settings));
        group.Add(Rotate(settings));
        group.Add(Revoke(settings));
    }

    private static Argument<string> Name() => new("NAME")
    {
        Description = $"The key's name; {DefinitionName.Default}, unless it is said.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => DefinitionName.Default,
    };

    private static SettingOptions Options() => new SettingOptions(typeof(KeySettings))
        .WithList("--scope", nameof(KeySettings.Scopes), "NAME", "What it opens: predict, read, write, account, all, or an RPC.")
        .WithList("--model", nameof(KeySettings.Models), "ID", "A model that it may be used for, and no others.")
        .WithList("--workflow", nameof(KeySettings.Workflows), "ID", "A workflow that it may be used for, in the same way.");

    private static Option<KeyEnd?> Expires() => new("--expires")
    {
        Description = "When it ends: a time in UTC, as 2030-01-31T00:00:00Z, from now on, as 24d or 12h, or never.",
        HelpName = "TIME",
        CustomParser = given => KeyEnd.Read(given.Tokens[0].Value) ?? Refuse<KeyEnd>(
            given, "--expires is a time in UTC, as 2030-01-31T00:00:00Z, one from now on, as 24d or 12h, or never."),
    };

    private static T? Refuse<T>(ArgumentResult given, string sentence)
    {
        given.AddError(sentence);
        return default;
    }

    private static Command Create(string[] settings)
    {
        var (tenant, name, options, expires, json) = (TenantCommands.Argument(), Name(), Options(), Expires(), Screen.JsonOption());
        var command = new Command("create", "Makes a key for a tenant, and prints it, this once.") { tenant, name, expires, json };
        options.AddTo(command);
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) => Write(
            StoreClient.Done(await client.Administration.Keys.CreateAsync(
                parsed.GetRequiredValue(tenant),
                parsed.GetRequiredValue(name),
                options.PatchOf(parsed),
                parsed.GetValue(expires)?.At(TimeProvider.System),
                cancellationToken)),
            parsed.GetValue(json)));
        return command;
    }

    private static Command List(string[] settings)
    {
        var tenant = TenantCommands.Argument();
        var json = Screen.JsonOption();
        var command = new Command("list", "Lists the keys of a tenant: name, beginning, state, end, last use, settings.") { tenant, json };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var keys = StoreClient.Done(await StorePages.ReadAllAsync(after => client.Administration.Keys.ListAsync(
                parsed.GetRequiredValue(tenant), after, StorePages.MaxCount, cancellationToken)));
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(AdministrationJson.Of)]) });
                return;
            }

            var now = TimeProvider.System.GetUtcNow();
            Screen.WriteTable(
                ["Key", "Begins", "State", "Ends", "Last used", "Settings"],
                keys.Select(key => new[]
                {
                    key.Name, key.Prefix, StateOf(key, now), AdministrationJson.Text(key.Expires) ?? "",
                    key.LastUsed is { } day ? UsageReport.DayText(day) : "", SettingRows.LineOf(key.Settings),
                }));
        });
        return command;
    }

    private static Command Set(string[] settings)
    {
        var (tenant, name, options, expires, json) = (TenantCommands.Argument(), Name(), Options(), Expires(), Screen.JsonOption());
        var command = new Command("set", "Changes what a key opens, or when it ends, and shows its settings.")
        {
            tenant, name, expires, json,
        };
        options.AddTo(command);
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var (patch, end) = (options.PatchOf(parsed), parsed.GetValue(expires));
            if (patch.Count == 0 && end is null)
            {
                throw new CommandFault("Nothing is to be set: say so by --set NAME=VALUE, or by another option.", Arguments.ExitCode);
            }

            var key = StoreClient.Done(await client.Administration.Keys.ChangeAsync(
                parsed.GetRequiredValue(tenant),
                parsed.GetRequiredValue(name),
                null,
                patch,
                before => end is null ? before : end.At(TimeProvider.System),
                cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(AdministrationJson.Of(key));
            }
            else
            {
                Screen.WriteTable(["Setting", "Value"], SettingRows.Of(key.Settings));
            }
        });
        return command;
    }

    private static Command Rotate(string[] settings)
    {
        var (tenant, name, expires, json) = (TenantCommands.Argument(), Name(), Expires(), Screen.JsonOption());
        var overlap = new Option<TimeSpan?>("--overlap")
        {
            Description = "For how long the old key works on, as 30m or 2h, or 0s; 1d, unless it is said.",
            HelpName = "TIME",
            CustomParser = given => (TimeSpan?)SettingForm.Of(typeof(TimeSpan))!.Read(given.Tokens[0].Value)
                ?? Refuse<TimeSpan?>(given, "--overlap is a time with a unit (ms, s, m, h, d), as in 2h, up to 24 days."),
        };
        var command = new Command("rotate", "Makes another key in place of one, which works on for a while, and prints it, this once.")
        {
            tenant, name, overlap, expires, json,
        };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) => Write(
            StoreClient.Done(await client.Administration.Keys.RotateAsync(
                parsed.GetRequiredValue(tenant),
                parsed.GetRequiredValue(name),
                null,
                parsed.GetValue(overlap) ?? KeyAdministration.DefaultOverlap,
                parsed.GetValue(expires)?.At(TimeProvider.System),
                cancellationToken)),
            parsed.GetValue(json)));
        return command;
    }

    private static Command Revoke(string[] settings)
    {
        var tenant = TenantCommands.Argument();
        var name = new Argument<string>("NAME") { Description = "The key's name." };
        var json = Screen.JsonOption();
        var command = new Command("revoke", "Revokes a key, and those that it has replaced.") { tenant, name, json };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var revoked = StoreClient.Done(await client.Administration.Keys.RevokeAsync(
                parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(name), null, cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(AdministrationJson.Of(revoked));
            }
            else
            {
                Screen.WriteLine($"Key {revoked.Name} opens nothing any more.");
            }
        });
        return command;
    }

    private static void Write(IssuedKey issued, bool json)
    {
        if (json)
        {
            Screen.WriteJson(AdministrationJson.Of(issued));
            return;
        }

        Screen.WriteLine(issued.Secret.Reveal());
        Console.Error.WriteLine("It is shown this once. Clients send it as 'Authorization: Key <key>'; commands take it as GATEWAY_KEY.");
    }

    private static string StateOf(StoredKey key, DateTimeOffset now) =>
        key.Revoked is not null ? "revoked"
        : key.Expires <= now ? "expired"
        : key.ReplacedBy is not null ? "replaced"
        : "works";
}
