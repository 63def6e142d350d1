using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Api.Stored;

namespace Gateway.Api.Commands;

/// <summary>
/// <c>pat set|list|remove</c>: Personal Access Tokens of the store's tenants. One comes from standard input, a file or the environment,
/// never as an argument: others on the machine see those, and shells keep them.
/// </summary>
internal static class PatCommands
{
    /// <summary>The command, on settings of the command line besides those of the file and the environment.</summary>
    public static Command Create(string[] settings) =>
        new("pat", "Clarifai tokens of the store's tenants.") { Set(settings), List(settings), Remove(settings) };

    private static Option<string> Name() => new("--name")
    {
        Description = $"What the token is called, where a tenant has several; {DefinitionName.Default}, unless it is said.",
        HelpName = "NAME",
        DefaultValueFactory = _ => DefinitionName.Default,
    };

    private static Command Set(string[] settings)
    {
        var tenant = TenantCommands.Argument();
        var name = Name();
        var source = new TokenSource();
        var rate = CountOption.Create("--requests-per-second", "Calls a second that the upstream takes of the token's account.");
        var json = Screen.JsonOption();
        var command = new Command(
            "set", "Gives a tenant a token, or replaces one: from standard input, a file or a variable. A terminal asks for it.")
        {
            tenant, name, rate, json,
        };
        source.AddOptionsTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // Before the store is opened: somebody may have to type it.
            var token = await source.ReadAsync(parsed, cancellationToken);
            await using var client = await StoreClient.OpenAsync(settings, mayCreate: false, cancellationToken);
            var set = StoreClient.Done(await client.Administration.Pats.SetAsync(
                parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(name), token, parsed.GetValue(rate), cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(AdministrationJson.Of(set));
            }
            else
            {
                Screen.WriteLine($"Token {set.Name} is set; its fingerprint is {set.Fingerprint}.");
            }
        });
        return command;
    }

    private static Command List(string[] settings)
    {
        var tenant = TenantCommands.Argument();
        var json = Screen.JsonOption();
        var command = new Command("list", "Lists the tokens of a tenant: name, fingerprint, requests a second, when it was set.")
        {
            tenant, json,
        };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var pats = StoreClient.Done(await client.Administration.Pats.ListAsync(parsed.GetRequiredValue(tenant), cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(new JsonObject { ["pats"] = new JsonArray([.. pats.Select(AdministrationJson.Of)]) });
                return;
            }

            Screen.WriteTable(
                ["Token", "Fingerprint", "Requests a second", "Set"],
                pats.Select(pat => new[]
                {
                    pat.Name, pat.Fingerprint, $"{pat.RequestsPerSecond}", AdministrationJson.Text(pat.Updated),
                }));
        });
        return command;
    }

    private static Command Remove(string[] settings)
    {
        var tenant = TenantCommands.Argument();
        var name = Name();
        var json = Screen.JsonOption();
        var command = new Command("remove", "Takes a token from a tenant.") { tenant, name, json };
        StoreClient.SetAction(command, settings, async (parsed, client, cancellationToken) =>
        {
            var removed = StoreClient.Done(await client.Administration.Pats.RemoveAsync(
                parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(name), cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteJson(AdministrationJson.Of(removed));
            }
            else
            {
                Screen.WriteLine($"Token {removed.Name} is removed.");
            }
        });
        return command;
    }
}
