using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Api.Hosting;
using Gateway.Api.Stored;
using Gateway.Store.Definitions;

namespace Gateway.Api.Commands;

/// <summary><c>tenant add|list|show|set|remove</c>: tenants of the store.</summary>
internal static class TenantCommands
{
    /// <summary>The command, on settings of the command line besides those of the file and the environment.</summary>
    public static Command Create(string[] settings) =>
        new("tenant", "Tenants of the store.") { Add(settings), List(settings), Show(settings), Set(settings), Remove(settings) };

    /// <summary>The argument TENANT.</summary>
    public static Argument<string> Argument() => new("TENANT") { Description = "The tenant's name." };

    private static SettingOptions Options() => new SettingOptions(typeof(TenantSettings))
        .WithText("--user-id", nameof(TenantSettings.UserId), "ID", "The user of requests that name none.")
        .WithText("--app-id", nameof(TenantSettings.AppId), "ID", "The app of requests that name none.")
        .WithList("--rpc", nameof(TenantSettings.Rpcs), "NAME", "What may be called: predict, read, write, account, or an RPC.")
        .WithList("--model", nameof(TenantSettings.Models), "ID", "A model that may be used, and no others: id or user/app/id.")
        .WithList("--workflow", nameof(TenantSettings.Workflows), "ID", "A workflow that may be used, in the same way.");

    private static Command Add(string[] settings)
    {
        var tenant = Argument();
        var options = Options();
        var json = Screen.JsonOption();
        var command = new Command("add", "Adds a tenant; makes the store, if there is none yet.") { tenant, json };
        options.AddTo(command);
        StoreClient.SetAction(
            command,
            settings,
            async (parsed, client, cancellationToken) =>
            {
                var name = parsed.GetRequiredValue(tenant);
                var result = await client.Administration.Tenants.AddAsync(name, options.PatchOf(parsed), cancellationToken);
                var added = StoreClient.Done(result);
                if (parsed.GetValue(json))
                {
                    Screen.WriteJson(AdministrationJson.Of(added));
                    return;
                }

                Screen.WriteLine(
                    $"""
                    Tenant {name} {(result.IsNew ? "is added" : "was there already, with these settings")}.

                    A key for its clients:                       {CommandLine.ProgramName} key create {name}
                    Its Clarifai token, but for the sandbox:     {CommandLine.ProgramName} pat set {name}
                    """);
                if (client.IsNew)
                {
                    Screen.WriteLine("\nThe store is new: a gateway that runs here already uses it once it is started again.");
                }
            },
            mayCreate: true);
        return command;
    }

    private static Command List(string[] settings)
    {
        var json = Screen.JsonOption();
        var command = new Command("list", "Lists tenants: name, when it was changed, settings.") { json };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var tenants = StoreClient.Done(await StorePages.ReadAllAsync(
                after => client.Administration.Tenants.ListAsync(after, StorePages.MaxCount, cancellationToken)));
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(new JsonObject { ["tenants"] = new JsonArray([.. tenants.Select(AdministrationJson.Of)]) });
                return;
            }

            Screen.WriteTable(
                ["Tenant", "Changed", "Settings"],
                tenants.Select(tenant => new[]
                {
                    tenant.Name, AdministrationJson.Text(tenant.Updated), SettingRows.LineOf(tenant.Settings),
                }));
        });
        return command;
    }

    private static Command Show(string[] settings)
    {
        var tenant = Argument();
        var json = Screen.JsonOption();
        var command = new Command("show", "Shows a tenant's settings, one a line.") { tenant, json };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) => Write(
            StoreClient.Done(await client.Administration.Tenants.GetAsync(parsed.GetRequiredValue(tenant), cancellationToken)),
            parsed.GetValue(json)));
        return command;
    }

    private static Command Set(string[] settings)
    {
        var tenant = Argument();
        var options = Options();
        var json = Screen.JsonOption();
        var command = new Command("set", "Changes settings of a tenant, and shows them all.") { tenant, json };
        options.AddTo(command);
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var patch = options.PatchOf(parsed);
            if (patch.Count == 0)
            {
                throw new CommandFault("Nothing is to be set: say so by --set NAME=VALUE, or by another option.", Arguments.ExitCode);
            }

            var name = parsed.GetRequiredValue(tenant);
            Write(
                StoreClient.Done(await client.Administration.Tenants.ChangeAsync(name, null, patch, cancellationToken)),
                parsed.GetValue(json));
        });
        return command;
    }

    private static Command Remove(string[] settings)
    {
        var tenant = Argument();
        var json = Screen.JsonOption();
        var command = new Command("remove", "Removes a tenant, with its keys and tokens; what it used stays known.") { tenant, json };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var removed = StoreClient.Done(
                await client.Administration.Tenants.RemoveAsync(parsed.GetRequiredValue(tenant), null, cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(AdministrationJson.Of(removed));
            }
            else
            {
                Screen.WriteLine($"Tenant {removed.Name} is removed, with its keys and tokens.");
            }
        });
        return command;
    }

    private static void Write(StoredTenant tenant, bool json)
    {
        if (json)
        {
            Screen.WriteJson(AdministrationJson.Of(tenant));
        }
        else
        {
            Screen.WriteTable(["Setting", "Value"], SettingRows.Of(tenant.Settings));
        }
    }
}
