using System.Text;
using Gateway.Api.Hosting;
using Gateway.Fuzz.Generation;
using Microsoft.Extensions.Configuration;

namespace Gateway.Fuzz.Configuration;

/// <summary>
/// One configuration, of one settings file or two, read by the gateway's own reader: it says what is wrong without showing a value, or has taken every
/// leaf; and it throws nothing.
/// </summary>
internal sealed class ConfigurationCase
{
    // Shorter ones are found in the sentences themselves.
    private const int LeastTelling = 6;

    public ConfigurationCase(ulong seed, long number)
    {
        var dice = Dice.Of(seed, number);
        Files = [.. Enumerable.Range(0, dice.OneIn(5) ? 2 : 1).Select(_ => new SettingsTree(dice).Text())];
    }

    /// <summary>The files, of which the later wins.</summary>
    public string[] Files { get; }

    /// <summary>Whether a gateway would start on it; known once it is checked.</summary>
    public bool WasAccepted { get; private set; }

    /// <summary>What is wrong with how it is read; null when nothing is.</summary>
    public string? Check()
    {
        IConfigurationRoot configuration;
        try
        {
            var builder = new ConfigurationBuilder();
            foreach (var file in Files)
            {
                builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(file)));
            }

            configuration = builder.Build();
        }
        catch (FormatException)
        {
            return null; // names a setting twice: no source of settings at all
        }

        try
        {
            return Check(configuration);
        }
        catch (Exception thrown)
        {
            return $"threw {thrown.GetType().Name}: {thrown.StackTrace?.Split('\n')[0].Trim()}";
        }
    }

    private string? Check(IConfigurationRoot configuration)
    {
        var faults = GatewaySettings.Faults(configuration, out var options);
        WasAccepted = faults.Count == 0;
        KeyValuePair<string, string?>[] leaves =
            [.. configuration.AsEnumerable().Where(entry => !IsBeginning(configuration, entry.Key, entry.Value))];
        if (WasAccepted)
        {
            return leaves.FirstOrDefault(leaf => !BoundSettings.Has(options, leaf.Key, leaf.Value)) is { Key: { } lost } ? $"is accepted, and not taken: {Kind(lost)}" : null;
        }

        var values = leaves.Select(leaf => leaf.Value).OfType<string>().Where(value => value.Length >= LeastTelling).ToArray();
        return faults.FirstOrDefault(fault => values.Any(value => fault.Contains(value, StringComparison.Ordinal))) is { } showing ? $"shows a value: {showing}" : null;
    }

    // A key that only holds others; to some sources, one with an empty text.
    private static bool IsBeginning(IConfigurationRoot configuration, string key, string? value) => value is null
        ? configuration.GetSection(key).GetChildren().Any()
        : configuration.Providers.Any(source => source.TryGet(key, out var text) && text is "" && source.GetChildKeys([], key).Any());

    // The names are chance's; the kind of a finding is the setting.
    private static string Kind(string path) => string.Join(':', path.Split(':').Select(name => name.Any(char.IsAsciiDigit) && name != "KeySha256" ? "*" : name));
}
