using Gateway.Api.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace Gateway.Api.Hosting;

/// <summary>Reads the configuration as a start would, and says all that is wrong with it, where a start ends at the first.</summary>
internal static class ConfigurationCheck
{
    /// <summary>The faults, one sentence each, by setting and never by value; empty when the gateway would start.</summary>
    /// <param name="arguments">Settings of the command line.</param>
    /// <param name="summary">What is configured, in a line; of no use where there is a fault.</param>
    public static IReadOnlyList<string> Faults(string[] arguments, out string summary)
    {
        summary = "";
        WebApplicationBuilder builder;
        try
        {
            builder = GatewaySettings.CreateBuilder(arguments);
        }
        catch (Exception failure) when (StartFault.Describe(failure) is not null)
        {
            return [StartFault.Describe(failure)!]; // what the file says is not known
        }

        string[] faults =
        [
            .. RootFaults(builder.Configuration),
            .. GatewaySettings.EveryFault(builder.Configuration),
            .. LoggingSetup.Faults(builder.Configuration),
            .. Proxies.Faults(builder.Configuration),
            .. ListenAddresses.Faults(builder.Configuration),
            .. ListenCertificates.Faults(builder.Configuration, builder.Environment),
        ];
        if (faults.Length == 0)
        {
            summary = Summary(GatewaySettings.Read(builder.Configuration));
        }

        return faults;
    }

    private static string Summary(GatewayOptions options)
    {
        var upstream = options.Upstream.InEffect is { Count: > 0 } addresses ? string.Join(", ", addresses) : "the built-in sandbox";
        return $"The configuration is right: upstream {upstream}, {options.Tenants.Count} tenants.";
    }

    // Sections that are none are passed over by whoever reads others: in a file of its own, that is a misspelt name.
    private static IEnumerable<string> RootFaults(IConfigurationRoot configuration) =>
        from file in configuration.Providers.OfType<JsonConfigurationProvider>()
        from name in file.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase)
        where !Arguments.RootNames.Contains(name, StringComparer.OrdinalIgnoreCase)
        let nearest = NearestName.To(name, Arguments.RootNames)
        where nearest is not null
        select $"{name} is no setting; did you mean {nearest}?";
}
