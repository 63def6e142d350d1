using System.CommandLine;
using System.Reflection;
using System.Text.Json.Nodes;
using Gateway.Api.Hosting;

namespace Gateway.Api.Commands;

/// <summary><c>config check</c> and <c>config schema</c>.</summary>
internal static class ConfigCommands
{
    private const string SchemaFile = "Gateway.Api.Configuration.appsettings.schema.json";

    /// <summary>The command, on settings of the command line besides those of the file and the environment.</summary>
    public static Command Create(string[] settings)
    {
        var json = Screen.JsonOption();
        var port = new Option<string?>(Arguments.Port) { Description = "The port that a start would be given.", HelpName = "N" };
        var check = new Command("check", "Reads the configuration as a start would, and lists every fault, one a line.") { port, json };
        check.SetAction(parsed => Check(
            parsed.GetValue(port) is { } given ? [.. settings, $"{Arguments.Port}={given}"] : settings, parsed.GetValue(json)));

        // JSON as it is: --json changes nothing, and is taken everywhere.
        var schema = new Command("schema", "Prints the JSON Schema of appsettings.json.") { Screen.JsonOption() };
        schema.SetAction(_ => WriteSchema());
        return new Command("config", "The configuration.") { check, schema };
    }

    private static int Check(string[] arguments, bool json)
    {
        var read = Arguments.ReadForServing(arguments);
        string[] faults = [.. read.Faults, .. ConfigurationCheck.Faults(read.Settings, out var summary)];
        if (json)
        {
            Screen.WriteJson(new JsonObject { ["faults"] = new JsonArray([.. faults.Select(fault => (JsonNode)fault)]) });
        }
        else
        {
            foreach (var line in faults.DefaultIfEmpty(summary))
            {
                Screen.WriteLine(line);
            }
        }

        return faults.Length == 0 ? 0 : Arguments.ExitCode;
    }

    private static void WriteSchema()
    {
        using var schema = Assembly.GetExecutingAssembly().GetManifestResourceStream(SchemaFile)!;
        using var reader = new StreamReader(schema);
        Screen.Write(reader.ReadToEnd());
    }
}
