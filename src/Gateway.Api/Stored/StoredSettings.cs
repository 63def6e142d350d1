using System.Text;
using Gateway.Api.Configuration;

namespace Gateway.Api.Stored;

/// <summary>
/// Reads settings that the store keeps: JSON, of the same form and checked by the same rules as those of the configuration.
/// </summary>
internal static class StoredSettings
{
    private const string Root = "Settings";

    /// <summary>Reads settings of a tenant, or of a key.</summary>
    /// <param name="json">A JSON object.</param>
    /// <param name="options">Gets the settings, which keep their defaults where the JSON says nothing.</param>
    /// <returns>What is wrong with them, one sentence each, by setting and never by value; the options are of no use then.</returns>
    public static IReadOnlyList<string> Read<T>(string json, T options)
        where T : class
    {
        // One member deeper, so that the object has a name that its faults can begin with.
        using var text = new MemoryStream(Encoding.UTF8.GetBytes($"{{\"{Root}\":{json}}}"));
        IConfigurationRoot configuration;
        try
        {
            configuration = new ConfigurationBuilder().AddJsonStream(text).Build();
        }
        catch (FormatException)
        {
            return [$"{Root} is no JSON object, or has a member twice."];
        }

        using var owned = configuration as IDisposable;
        var reader = new SettingsReader(configuration.Providers);
        reader.Read(configuration.GetSection(Root), options);
        return reader.Faults.Count > 0 ? reader.Faults : [.. ValueRules.Faults(Root, options)];
    }
}
