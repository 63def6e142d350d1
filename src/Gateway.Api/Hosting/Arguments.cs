using System.Globalization;
using System.Net;
using Gateway.Api.Configuration;

namespace Gateway.Api.Hosting;

/// <summary>
/// The command line: settings, as <c>--name value</c> or <c>--name=value</c>, and what is none of them. The host passes over what it does
/// not know, which may be the setting that was to say where calls go.
/// </summary>
internal sealed class Arguments
{
    /// <summary>The exit code of a process whose arguments, or whose configuration where that was asked for, cannot be used.</summary>
    public const int ExitCode = 2;

    /// <summary>The option for the port alone, in place of <c>--urls</c>.</summary>
    public const string Port = "--port";

    private const string Prefix = "--";

    // The host's own, and what ClarifaiEnvironment reads.
    private static readonly string[] Names =
    [
        WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey, WebHostDefaults.PreferHostingUrlsKey,
        WebHostDefaults.EnvironmentKey, WebHostDefaults.ContentRootKey, WebHostDefaults.WebRootKey, WebHostDefaults.ApplicationKey,
        "hostBuilder:reloadConfigOnChange", "CLARIFAI_PAT", "CLARIFAI_USER_ID", "CLARIFAI_APP_ID",
    ];

    private static readonly string Urls = Prefix + WebHostDefaults.ServerUrlsKey;

    private readonly List<string> _settings = [];
    private readonly List<string> _others = [];
    private readonly List<int> _places = [];
    private readonly List<string> _faults = [];

    private Arguments()
    {
    }

    /// <summary>The names that the configuration knows at its root: sections, and settings of the host.</summary>
    public static IReadOnlyList<string> RootNames { get; } =
        [GatewayOptions.Section, "Serilog", "Logging", "Kestrel", AllowedHostNames.Setting, .. Names];

    /// <summary>The settings, in a form that the host reads.</summary>
    public string[] Settings => [.. _settings];

    /// <summary>The rest, in its order: commands, their options and arguments.</summary>
    public IReadOnlyList<string> Others => _others;

    /// <summary>What is wrong, one sentence each, never by value.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Tells settings and the rest apart. What the settings' values are is for those to check who read them.</summary>
    public static Arguments Read(IReadOnlyList<string> arguments)
    {
        var read = new Arguments();
        for (var i = 0; i < arguments.Count; i++)
        {
            var parts = arguments[i].Split('=', 2);
            if (!IsSetting(parts[0]))
            {
                read._others.Add(arguments[i]);
                read._places.Add(i);
            }
            else if (parts.Length > 1)
            {
                read._settings.Add(arguments[i]);
            }
            else if (Value(arguments, i) is { } value)
            {
                // The next is the value, as the host reads it.
                read._settings.Add($"{parts[0]}={value}");
                i++;
            }
            else
            {
                read._faults.Add(NoValue(parts[0]));
            }
        }

        return read;
    }

    /// <summary>The same where the gateway is to serve, which takes a port beside settings and nothing else.</summary>
    public static Arguments ReadForServing(IReadOnlyList<string> arguments)
    {
        var read = Read(arguments);
        for (var i = 0; i < read._others.Count; i++)
        {
            var parts = read._others[i].Split('=', 2);
            if (parts[0] != Port)
            {
                read._faults.Add(Unknown(parts[0], read._places[i]));
            }
            else if (parts.Length > 1)
            {
                read.AddPort(parts[1]);
            }
            else if (Value(read._others, i) is { } value && read._places[i + 1] == read._places[i] + 1)
            {
                read.AddPort(value);
                i++;
            }
            else
            {
                read._faults.Add(NoValue(Port));
            }
        }

        return read;
    }

    private void AddPort(string value)
    {
        if (_settings.Exists(setting => setting.StartsWith($"{Urls}=", StringComparison.OrdinalIgnoreCase)))
        {
            _faults.Add($"{Port} and {Urls} stand in place of each other: leave one of them out.");
        }
        else if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort)
        {
            // Port 0 is any that is free, which the name localhost, of two addresses, cannot have.
            _settings.Add($"{Urls}=http://{(port == 0 ? "127.0.0.1" : "localhost")}:{port}");
        }
        else
        {
            _faults.Add($"{Port} is a number from 0 to {IPEndPoint.MaxPort}.");
        }
    }

    private static string? Value(IReadOnlyList<string> arguments, int place) =>
        place + 1 < arguments.Count && !arguments[place + 1].StartsWith(Prefix, StringComparison.Ordinal) ? arguments[place + 1] : null;

    private static string NoValue(string name) => $"{name} has no value; one that begins with -- is written as {name}=value.";

    private static bool IsOne(string argument) =>
        argument.StartsWith(Prefix, StringComparison.Ordinal) && argument.Length > Prefix.Length && !argument.Any(char.IsControl);

    private static bool IsSetting(string argument) =>
        IsOne(argument)
        && (Names.Contains(argument[Prefix.Length..], StringComparer.OrdinalIgnoreCase)
            || RootNames.Except(Names).Contains(FirstPart(argument[Prefix.Length..]), StringComparer.OrdinalIgnoreCase));

    // What does not look like a name may be a value that went astray.
    private static string Unknown(string argument, int place)
    {
        if (!IsOne(argument))
        {
            return $"Argument {place + 1} is not of the form --name value or --name=value.";
        }

        var name = argument[Prefix.Length..];
        return NearestName.To(FirstPart(name), [.. RootNames, Port[Prefix.Length..]]) is { } nearest
            ? $"{Prefix}{name} is no argument; did you mean {Prefix}{nearest}{name[FirstPart(name).Length..]}?"
            : $"{Prefix}{name} is no argument; settings are written as in --Gateway:Upstream:Address http://host:port.";
    }

    private static string FirstPart(string name) => name.Split(':', 2)[0];
}
