using System.Text.Json.Nodes;
using Gateway.Api.Hosting;

namespace Gateway.Api.Commands;

/// <summary>The argument INPUT, read: what goes into <c>data</c> of the request's input.</summary>
internal sealed class PredictInput
{
    private const string StandardInput = "-";

    private readonly JsonObject _value;

    private PredictInput(string? kind, JsonObject value)
    {
        Kind = kind;
        _value = value;
    }

    /// <summary>What it is, one of <see cref="InputKinds"/>; null for a URL that does not tell.</summary>
    public string? Kind { get; }

    /// <summary>The <c>data</c>, of something whose kind is known.</summary>
    public JsonObject Data => DataAs(Kind!);

    /// <summary>The <c>data</c>, if it is of a kind.</summary>
    public JsonObject DataAs(string kind) => new() { [kind] = _value };

    /// <summary>Reads it: <c>-</c> is standard input, a file is its content, a URL is fetched by the model, the rest is text.</summary>
    /// <param name="input">The argument.</param>
    /// <param name="kind">What it is, if that was said.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="CommandFault">There is nothing to read, or nothing tells what it is.</exception>
    public static async Task<PredictInput> ReadAsync(string input, string? kind, CancellationToken cancellationToken)
    {
        if (input == StandardInput)
        {
            return OfContent(await InputContent.OfStandardInputAsync(cancellationToken), "", kind);
        }

        if (string.IsNullOrWhiteSpace(input))
        {
            throw new CommandFault("INPUT is empty.");
        }

        if (Uri.TryCreate(input, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return new PredictInput(kind ?? InputKinds.OfName(url.AbsolutePath), new JsonObject { ["url"] = input });
        }

        if (File.Exists(input))
        {
            return OfContent(await InputContent.OfFileAsync(input, cancellationToken), input, kind);
        }

        if (Directory.Exists(input))
        {
            throw new CommandFault($"{Screen.Printable(input)} is a folder.");
        }

        // A name that only a file would have is no text to look at.
        return kind is null && InputKinds.OfName(input) is not null && !input.Contains(' ')
            ? throw new CommandFault($"There is no file {Screen.Printable(input)}.")
            : new PredictInput(InputKinds.Text, new JsonObject { ["raw"] = input });
    }

    private static PredictInput OfContent(InputContent content, string name, string? said)
    {
        var kind = said ?? InputKinds.OfContent(content.Bytes, name)
            ?? throw new CommandFault("Nothing tells what the input is; say so by --kind image, video, audio or text.", Arguments.ExitCode);
        return new PredictInput(
            kind,
            kind == InputKinds.Text
                ? new JsonObject { ["raw"] = content.Text }
                : new JsonObject { ["base64"] = Convert.ToBase64String(content.Bytes) });
    }
}
