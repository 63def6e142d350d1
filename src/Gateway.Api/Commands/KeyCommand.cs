using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Api.Tenancy;

namespace Gateway.Api.Commands;

/// <summary><c>key new</c>: a key for a tenant, and its hash, which is all that the gateway keeps.</summary>
internal static class KeyCommand
{
    /// <summary>The command, with those that work on the store.</summary>
    /// <param name="settings">Settings of the command line.</param>
    public static Command Create(string[] settings)
    {
        var json = Screen.JsonOption();
        var make = new Command("new", "Makes a random key of 256 bits, and the SHA-256 of it for KeySha256.") { json };
        make.SetAction(parsed => Make(parsed.GetValue(json)));
        var group = new Command("key", "Keys of tenants.") { make };
        KeyCommands.AddTo(group, settings);
        return group;
    }

    private static void Make(bool json)
    {
        var key = GatewayKey.Create();
        var hash = KeyHash.Of(key).ToString();
        if (json)
        {
            Screen.WriteJson(new JsonObject { ["key"] = key, ["keySha256"] = hash });
            return;
        }

        Screen.WriteLine(
            $"""
            Key:       {key}
            KeySha256: {hash}

            The key is for the client, who sends it as 'Authorization: Key <key>'; it is shown this once. The hash is for the gateway: in
            Gateway:Tenants:<name>:KeySha256 of appsettings.json, or in the environment as Gateway__Tenants__<name>__KeySha256.
            """);
    }
}
