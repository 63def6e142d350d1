using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Api.Stored;

namespace Gateway.Api.Commands;

/// <summary>The options for settings of a tenant, or of a key: <c>--set</c> for all of them, and some by names of their own.</summary>
/// <param name="settings">The type that the settings are read into.</param>
internal sealed class SettingOptions(Type settings)
{
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "A setting, as in Limits:RequestsPerSecond=10; again for another one. Lists have commas, and empty is none.",
        HelpName = "NAME=VALUE",
    };

    private readonly List<(string Setting, Option<string[]> Option)> _lists = [];
    private readonly List<(string Setting, Option<string?> Option)> _texts = [];

    /// <summary>An option for a setting that is a list: given again for another entry.</summary>
    public SettingOptions WithList(string name, string setting, string helpName, string description)
    {
        _lists.Add((setting, new Option<string[]>(name) { Description = description, HelpName = helpName }));
        return this;
    }

    /// <summary>An option for a setting that is a text.</summary>
    public SettingOptions WithText(string name, string setting, string helpName, string description)
    {
        _texts.Add((setting, new Option<string?>(name) { Description = description, HelpName = helpName }));
        return this;
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _set.Validators.Add(given =>
        {
            if (!given.Tokens.All(token => token.Value.IndexOf('=', StringComparison.Ordinal) > 0))
            {
                given.AddError("--set is NAME=VALUE, as in Limits:RequestsPerSecond=10.");
            }
        });
        foreach (var option in _texts.Select(text => (Option)text.Option).Concat(_lists.Select(list => list.Option)).Append(_set))
        {
            command.Add(option);
        }
    }

    /// <summary>What they say, as a patch of settings.</summary>
    public JsonObject PatchOf(ParseResult parsed)
    {
        var patch = new JsonObject();
        foreach (var (setting, option) in _texts.Where(text => parsed.GetValue(text.Option) is not null))
        {
            patch[setting] = SettingsPatch.ValueOf(setting, parsed.GetValue(option)!, settings);
        }

        foreach (var (setting, option) in _lists.Where(list => parsed.GetValue(list.Option) is { Length: > 0 }))
        {
            patch[setting] = SettingsPatch.ValueOf(setting, string.Join(',', parsed.GetValue(option)!), settings);
        }

        foreach (var given in parsed.GetValue(_set) ?? [])
        {
            var parts = given.Split('=', 2);
            patch[parts[0]] = SettingsPatch.ValueOf(parts[0], parts[1], settings);
        }

        return patch;
    }
}
