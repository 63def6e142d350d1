using Gateway.Api.Configuration;

namespace Gateway.Api.Hosting;

/// <summary>
/// The command line: settings, as <c>--name value</c> or <c>--name=value</c>. The host passes over what it does not know, which may be the
/// setting that was to say where calls go.
/// </summary>
internal static class Arguments
{
    private const string Prefix = "--";

    private static readonly string[] Sections = [GatewayOptions.Section, "Serilog", "Logging", "Kestrel", AllowedHostNames.Setting];

    // The host's own, and what ClarifaiEnvironment reads.
    private static readonly string[] Names =
    [
        WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey, WebHostDefaults.PreferHostingUrlsKey,
        WebHostDefaults.EnvironmentKey, WebHostDefaults.ContentRootKey, WebHostDefaults.WebRootKey, WebHostDefaults.ApplicationKey,
        "hostBuilder:reloadConfigOnChange", "CLARIFAI_PAT", "CLARIFAI_USER_ID", "CLARIFAI_APP_ID",
    ];

    /// <summary>Checks the names; what their values are is for those to check who read them.</summary>
    /// <exception cref="InvalidOperationException">An argument is none, or has no value.</exception>
    public static void Validate(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var parts = arguments[i].Split('=', 2);
            if (!IsOne(parts[0]))
            {
                // It may be a value that went astray.
                throw new InvalidOperationException($"Argument {i + 1} is not of the form --name value or --name=value.");
            }

            if (!IsKnown(parts[0][Prefix.Length..]))
            {
                throw new InvalidOperationException(Unknown(parts[0][Prefix.Length..]));
            }

            // The next is the value, as the host reads it.
            if (parts.Length == 1 && (++i == arguments.Count || arguments[i].StartsWith(Prefix, StringComparison.Ordinal)))
            {
                throw new InvalidOperationException($"{parts[0]} has no value; one that begins with -- is written as {parts[0]}=value.");
            }
        }
    }

    private static bool IsOne(string argument) =>
        argument.StartsWith(Prefix, StringComparison.Ordinal) && argument.Length > Prefix.Length && !argument.Any(char.IsControl);

    private static bool IsKnown(string name) =>
        Names.Contains(name, StringComparer.OrdinalIgnoreCase) || Sections.Contains(FirstPart(name), StringComparer.OrdinalIgnoreCase);

    private static string Unknown(string name) => NearestName.To(FirstPart(name), [.. Sections, .. Names]) is { } nearest
        ? $"{Prefix}{name} is no argument; did you mean {Prefix}{nearest}{name[FirstPart(name).Length..]}?"
        : $"{Prefix}{name} is no argument; settings are written as in --Gateway:Upstream:Address http://host:port.";

    private static string FirstPart(string name) => name.Split(':', 2)[0];
}
