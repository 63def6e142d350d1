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
                return await client.PostAsync($"{path}/outputs", body, cancellationToken);
            });
            if (parsed.GetValue(json))
            {
                Screen.WriteLine(answer);
                return;
            }

            using var document = JsonDocument.Parse(answer);
            foreach (var output in document.RootElement.GetProperty("outputs").EnumerateArray())
            {
                Write(output);
            }
        });
        return command;
    }

    // A URL says nothing of what is behind it, and the model's type what it takes.
    private static async Task<string> KindOfAsync(GatewayClient client, string path, CancellationToken cancellationToken)
    {
        var type = JsonNode.Parse(await client.GetAsync(path, cancellationToken))?["model"]?["model_type_id"]?.ToString() ?? "";
        return InputKinds.OfModelType(type);
    }

    private static void Write(JsonElement output)
    {
        if (output.TryGetProperty("status", out var status) && status.TryGetProperty("code", out var code) && code.GetInt32() != Success)
        {
            throw new CommandFault($"The model failed: {Screen.Printable(ErrorText.Said(status) ?? code.ToString())}.");
        }

        var data = output.TryGetProperty("data", out var said) ? said : default;
        var text = Member(Member(data, "text"), "raw");
        var concepts = Items(data, "concepts");
        var regions = Items(data, "regions");
        if (text is { ValueKind: JsonValueKind.String })
        {
            Screen.WriteLine(Screen.Printable(text.Value.GetString()!));
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
        var concepts = Items(Member(region, "data") ?? default, "concepts");
        var box = Member(Member(region, "region_info"), "bounding_box");
        var corners = Edges.Select(edge => PercentOf(Number(box, edge)));
        return concepts is [var best, ..]
            ? [NameOf(best), Percent(best), string.Join(", ", corners)]
            : [Member(region, "id")?.ToString() ?? "", Percent(region), string.Join(", ", corners)];
    }

    private static string NameOf(JsonElement concept) =>
        Member(concept, "name")?.ToString() is { Length: > 0 } name ? name : Member(concept, "id")?.ToString() ?? "";

    private static string Percent(JsonElement valued) => PercentOf(Number(valued, "value"));

    private static string PercentOf(double value) => value.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "");

    // What is zero is not written.
    private static double Number(JsonElement? json, string member) =>
        Member(json, member) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0;

    private static JsonElement[] Items(JsonElement json, string member) =>
        Member(json, member) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } && json.Value.TryGetProperty(name, out var member) ? member : null;
}
