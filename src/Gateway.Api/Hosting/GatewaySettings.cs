using System.Text.RegularExpressions;
using Gateway.Api.Configuration;
using Gateway.Api.Stored;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Hosting;

/// <summary>Reads the section <c>Gateway</c>: the one way from the configuration to options, at start and when it changes.</summary>
internal static partial class GatewaySettings
{
    private const string Tenants = $"{GatewayOptions.Section}:{nameof(GatewayOptions.Tenants)}";
    private const string Upstream = $"{GatewayOptions.Section}:{nameof(GatewayOptions.Upstream)}";

    /// <summary>Begins an application: its configuration is the file, the environment and the arguments; the later win.</summary>
    /// <exception cref="InvalidDataException">The file is not JSON.</exception>
    /// <exception cref="InvalidOperationException">In place of the file there is a folder.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] arguments)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = arguments, ContentRootPath = ContentRoot.Choose() });
        SettingsWatch.AddTo(builder);
        builder.Configuration.AddClarifaiEnvironment();
        return builder;
    }

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
        var reader = Read(configuration, out options);

        // What settings mean is judged once all are what they look like: a misspelt one is not missing as well.
        return Told(reader.Faults.Count > 0 ? reader.Faults : MeaningFaults(configuration, options), configuration);
    }

    /// <summary>
    /// Says all that is wrong at once, for somebody who asks: what settings mean as well where others could not be read, but for what
    /// follows from those.
    /// </summary>
    public static IReadOnlyList<string> EveryFault(IConfiguration configuration)
    {
        var reader = Read(configuration, out var options);
        var meant = MeaningFaults(configuration, options)
            .Concat(StoreOptionsValidator.ConnectionFaults(options.Store))
            .Where(fault => !reader.Unread.Any(setting => Names(fault, setting)));
        return Told(reader.Faults.Concat(meant), configuration);
    }

    private static SettingsReader Read(IConfiguration configuration, out GatewayOptions options)
    {
        var reader = new SettingsReader(configuration is IConfigurationRoot root ? root.Providers : []);
        options = (GatewayOptions)reader.Read(configuration.GetSection(GatewayOptions.Section), new GatewayOptions());
        ClarifaiEnvironment.CompleteTenant(options, configuration);
        options.Store.IsInUse = options.Store is { Path: not null } or { ConnectionString: not null }
            || options.Admin.Url.Length > 0
            || File.Exists(StoreOptions.DefaultPath);
        return reader;
    }

    private static IReadOnlyList<string> Told(IEnumerable<string> faults, IConfiguration configuration) =>
    [
        .. faults.Concat(AllowedHostNames.Faults(configuration)).Concat(TelemetrySetup.Faults(configuration))
            .Select(fault => ControlCharacters().Replace(fault, "?")),
    ];

    private static IEnumerable<string> MeaningFaults(IConfiguration configuration, GatewayOptions options) =>
    [
        .. UpstreamFaults(configuration, options),
        .. TenantFaults(configuration.GetSection(GatewayOptions.Section), options),
        .. GatewayOptionsValidator.Faults(options),
    ];

    // As a whole: Address is in Address:0 and in "Address is", and not in Addresses.
    private static bool Names(string fault, string setting)
    {
        var end = fault.IndexOf(setting, StringComparison.OrdinalIgnoreCase) + setting.Length;
        return end >= setting.Length && (end == fault.Length || !char.IsLetterOrDigit(fault[end]));
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
