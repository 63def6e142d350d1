using System.CommandLine;

namespace Gateway.Api.Commands;

/// <summary><c>methods MODEL</c>: what can be called of a model.</summary>
internal static class MethodsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientFactory clients)
    {
        var model = ModelArgument.Create();
        var json = Screen.JsonOption();
        var command = new Command("methods", "Lists the methods of a model: signature, description.") { model, json };
        clients.AddOptionsTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = $"{ModelArgument.PathOf(parsed.GetRequiredValue(model))}/methods";
            await using var client = await clients.OpenAsync(parsed, cancellationToken);
            var answer = await Screen.WaitAsync("Asking", () => client.GetAsync(path, "methods", cancellationToken));
            if (parsed.GetValue(json))
            {
                Screen.WriteLine(answer.GetRawText());
                return;
            }

            Screen.WriteTable(
                ["Method", "Description"],
                answer.Items("methods").Select(method => new[] { method.Text("signature") ?? "", method.Text("description") ?? "" }));
        });
        return command;
    }
}
