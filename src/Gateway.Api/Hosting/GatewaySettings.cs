using System.Text.RegularExpressions;
using Gateway.Api.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Hosting;

/// <summary>Reads the section <c>Gateway</c>: the one way from the configuration to options, at start and when it changes.</summary>
internal static partial class GatewaySettings
{
    private const string Tenants = $"{GatewayOptions.Section}:{nameof(GatewayOptions.Tenants)}";
    private const string Upstream = $"{GatewayOptions.Section}:{nameof(GatewayOptions.Upstream)}";

    /// <summary>Reads all settings.</summary>
    /// <exception cref="OptionsValidationException">Some cannot work; its failures are all the faults.</exception>
    public static GatewayOptions Read(IConfiguration configuration)
    {
        var faults = Faults(configuration, out var options);
        return faults.Count == 0 ? options : throw new OptionsValidationException(Options.DefaultName, typeof(GatewayOptions), faults);
    }

    /// <summary>Reads all settings, and says what is wrong with them.</summary>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="options">What was read; of no use where there is a fault.</param>
    /// <returns>One sentence for each fault, by setting and never by value.</returns>
    public static IReadOnlyList<string> Faults(IConfiguration configuration, out GatewayOptions options)
    {
        var section = configuration.GetSection(GatewayOptions.Section);
        var reader = new SettingsReader(configuration is IConfigurationRoot root ? root.Providers : []);
        options = (GatewayOptions)reader.Read(section, new GatewayOptions());
        ClarifaiEnvironment.CompleteTenant(options, configuration);

        // What settings mean is judged once all are what they look like: a misspelt one is not missing as well.
        IEnumerable<string> faults = reader.Faults.Count > 0
            ? reader.Faults
            : [.. UpstreamFaults(configuration, options), .. TenantFaults(section, options), .. GatewayOptionsValidator.Faults(options)];
        return [.. faults.Concat(AllowedHostNames.Faults(configuration)).Select(fault => ControlCharacters().Replace(fault, "?"))];
    }

    // Without tenants, the gateway passes keys through: nobody may come to that by emptying the section.
    private static IEnumerable<string> TenantFaults(IConfigurationSection gateway, GatewayOptions options) =>
        options.Tenants.Count == 0 && gateway.GetChildren().Any(child => child.Path.Equals(Tenants, StringComparison.OrdinalIgnoreCase))
            ? [$"{Tenants} has no tenant in it; leave it out to have each client's own key passed through."]
            : [];

    // Without an address, the upstream is the sandbox: nobody may come to that by an empty one, as of a variable that was to be set.
    private static IEnumerable<string> UpstreamFaults(IConfiguration configuration, GatewayOptions options)
    {
        string[] settings = [nameof(UpstreamOptions.Address), nameof(UpstreamOptions.Addresses)];
        return settings.Select(setting => $"{Upstream}:{setting}")
            .Where(setting => options.Upstream.InEffect.Count == 0 && configuration[setting] is "")
            .Select(setting => $"{setting} is empty; leave it out for the built-in sandbox.");
    }

    // A name may hold what would begin a line of its own.
    [GeneratedRegex(@"\p{C}")]
    private static partial Regex ControlCharacters();
}
