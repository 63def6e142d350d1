using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Api.Commands;

/// <summary><c>models</c>: the models of the key's app, or of the sandbox.</summary>
internal static class ModelsCommand
{
    private const int PageSize = 100;

    /// <summary>The command.</summary>
    public static Command Create(ClientFactory clients)
    {
        var page = new Option<int>("--page") { Description = $"Which {PageSize} of them.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var json = Screen.JsonOption();
        var command = new Command("models", "Lists models: id, type, description.") { page, json };
        clients.AddOptionsTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var client = await clients.OpenAsync(parsed, cancellationToken);
            var path = string.Create(CultureInfo.InvariantCulture, $"v2/models?page={parsed.GetValue(page)}&per_page={PageSize}");
            var answer = await Screen.WaitAsync("Asking", () => client.GetAsync(path, cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteLine(answer);
                return;
            }

            Screen.WriteTable(
                ["Model", "Type", "Description"],
                (JsonNode.Parse(answer)?["models"]?.AsArray() ?? []).OfType<JsonObject>().Select(model => new[]
                {
                    Text(model, "id"), Text(model, "model_type_id"), Text(model, "description"),
                }));
        });
        return command;
    }

    private static string Text(JsonObject model, string member) => model[member]?.ToString() ?? "";
}
