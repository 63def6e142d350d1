using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Api.Commands;

/// <summary>
/// Standard output: for people where it is a terminal (<see cref="Terminal"/>), else plain lines with tabs between columns, for programs.
/// </summary>
internal static class Screen
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>Whether somebody looks on.</summary>
    public static bool IsTerminal => !Console.IsOutputRedirected;

    /// <summary>The option that every command has.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "JSON in place of text; an answer of the API as it came." };

    /// <summary>Writes a text as it is.</summary>
    public static void Write(string text) => Console.Out.Write(text);

    /// <summary>Writes a line.</summary>
    public static void WriteLine(string line) => Console.Out.WriteLine(line);

    /// <summary>Writes JSON on one line.</summary>
    public static void WriteJson(JsonNode json) => Console.Out.WriteLine(json.ToJsonString(Compact));

    /// <summary>Writes JSON for somebody to read.</summary>
    public static void WriteIndented(JsonNode json) => WriteLine(Printable(json.ToJsonString(Indented)));

    /// <summary>Writes rows of a table.</summary>
    /// <param name="heads">The heads of its columns, which only a terminal shows.</param>
    /// <param name="rows">The rows.</param>
    public static void WriteTable(string[] heads, IEnumerable<string[]> rows)
    {
        if (IsTerminal)
        {
            Terminal.WriteTable(heads, rows.Select(row => Array.ConvertAll(row, Printable)));
            return;
        }

        foreach (var row in rows)
        {
            WriteLine(string.Join('\t', row.Select(cell => cell.ReplaceLineEndings(" ").Replace('\t', ' '))));
        }
    }

    /// <summary>Waits for something, which a terminal is told about.</summary>
    public static Task<T> WaitAsync<T>(string forWhat, Func<Task<T>> get) => IsTerminal ? Terminal.WaitAsync(forWhat, get) : get();

    /// <summary>What others wrote, without the signs that would command a terminal.</summary>
    public static string Printable(string text)
    {
        if (!IsTerminal || !text.Any(IsCommand))
        {
            return text;
        }

        var printable = new StringBuilder(text);
        foreach (var (place, sign) in text.Index())
        {
            if (IsCommand(sign))
            {
                printable[place] = '\uFFFD';
            }
        }

        return printable.ToString();
    }

    private static bool IsCommand(char sign) => char.IsControl(sign) && sign is not ('\n' or '\r' or '\t');
}
