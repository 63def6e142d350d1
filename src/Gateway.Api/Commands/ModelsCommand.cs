using System.CommandLine;
using System.Globalization;

namespace Gateway.Api.Commands;

/// <summary><c>models</c>: the models of the key's app, or of the sandbox.</summary>
internal static class ModelsCommand
{
    private const int PageSize = 100;

    /// <summary>The command.</summary>
    public static Command Create(ClientFactory clients)
    {
        var page = CountOption.Create("--page", $"Which {PageSize} of them; the first, unless it is said.");
        var json = Screen.JsonOption();
        var command = new Command("models", "Lists models: id, type, description.") { page, json };
        clients.AddOptionsTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var client = await clients.OpenAsync(parsed, cancellationToken);
            var path = string.Create(CultureInfo.InvariantCulture, $"v2/models?page={parsed.GetValue(page) ?? 1}&per_page={PageSize}");
            var answer = await Screen.WaitAsync("Asking", () => client.GetAsync(path, "status", cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteLine(answer.GetRawText());
                return;
            }

            Screen.WriteTable(
                ["Model", "Type", "Description"],
                answer.Items("models").Select(model => new[]
                {
                    model.Text("id") ?? "", model.Text("model_type_id") ?? "", model.Text("description") ?? "",
                }));
        });
        return command;
    }
}
