using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Api.Commands;

/// <summary><c>predict MODEL INPUT</c>: one input, one output.</summary>
internal static class PredictCommand
{
    private const int Success = 10000; // StatusCode.SUCCESS

    private static readonly string[] Edges = ["top_row", "left_col", "bottom_row", "right_col"];

    /// <summary>The command.</summary>
    public static Command Create(ClientFactory clients)
    {
        var model = ModelArgument.Create();
        var input = new Argument<string>("INPUT") { Description = "A file, a text, a URL, or - for standard input." };
        var kind = new Option<string?>("--kind")
        {
            Description = "What the input is, where neither its content nor the model tells: image, video, audio or text.",
            HelpName = "KIND",
        };
        kind.AcceptOnlyFromAmong(InputKinds.Names);
        var json = Screen.JsonOption();
        var command = new Command("predict", "Has a model look at something: concepts, regions, text.") { model, input, kind, json };
        clients.AddOptionsTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = ModelArgument.PathOf(parsed.GetRequiredValue(model));
            var read = await PredictInput.ReadAsync(parsed.GetRequiredValue(input), parsed.GetValue(kind), cancellationToken);
            await using var client = await clients.OpenAsync(parsed, cancellationToken);
            var answer = await Screen.WaitAsync("Predicting", async () =>
            {
                var data = read.Kind is null ? read.DataAs(await KindOfAsync(client, path, cancellationToken)) : read.Data;
                var body = new JsonObject { ["inputs"] = new JsonArray(new JsonObject { ["data"] = data }) };
                return await client.PostAsync($"{path}/outputs", body, "status", cancellationToken);
            });
            if (parsed.GetValue(json))
            {
                Screen.WriteLine(answer.GetRawText());
                return;
            }

            foreach (var output in answer.Items("outputs"))
            {
                Write(output);
            }
        });
        return command;
    }

    // A URL says nothing of what is behind it, and the model's type what it takes.
    private static async Task<string> KindOfAsync(GatewayClient client, string path, CancellationToken cancellationToken)
    {
        var type = (await client.GetAsync(path, "status", cancellationToken)).Member("model")?.Text("model_type_id");
        return InputKinds.OfModelType(type ?? "");
    }

    private static void Write(JsonElement output)
    {
        if (output.Member("status") is { } status
            && status.Member("code") is { ValueKind: JsonValueKind.Number } code
            && !(code.TryGetInt32(out var number) && number == Success))
        {
            throw new CommandFault($"The model failed: {Screen.Printable(ErrorText.Said(status) ?? code.ToString())}.");
        }

        var data = output.Member("data") ?? default;
        var text = data.Member("text")?.Text("raw");
        var concepts = data.Items("concepts");
        var regions = data.Items("regions");
        if (text is not null)
        {
            Screen.WriteLine(Screen.Printable(text));
        }

        if (concepts.Length > 0)
        {
            Screen.WriteTable(["Concept", "Share"], concepts.Select(concept => new[] { NameOf(concept), Percent(concept) }));
        }

        if (regions.Length > 0)
        {
            Screen.WriteTable(["Region", "Share", "Top, left, bottom, right"], regions.Select(Row));
        }

        if (text is null && concepts.Length + regions.Length == 0)
        {
            Screen.WriteIndented(data.ValueKind == JsonValueKind.Object ? JsonObject.Create(data.Clone())! : []);
        }
    }

    // What was seen in a region, and how surely: the best of its concepts, or its own value.
    private static string[] Row(JsonElement region)
    {
        var concepts = (region.Member("data") ?? default).Items("concepts");
        var box = region.Member("region_info")?.Member("bounding_box");
        var corners = Edges.Select(edge => PercentOf(Number(box, edge)));
        return concepts is [var best, ..]
            ? [NameOf(best), Percent(best), string.Join(", ", corners)]
            : [region.Text("id") ?? "", Percent(region), string.Join(", ", corners)];
    }

    private static string NameOf(JsonElement concept) =>
        concept.Text("name") is { Length: > 0 } name ? name : concept.Text("id") ?? "";

    private static string Percent(JsonElement valued) => PercentOf(Number(valued, "value"));

    private static string PercentOf(double value) => value.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "");

    // What is zero is not written.
    private static double Number(JsonElement? json, string member) =>
        json?.Member(member) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0;
}
