using Spectre.Console;

namespace Gateway.Api.Commands;

/// <summary>What a terminal can show besides lines; colours, unless <c>NO_COLOR</c> is set.</summary>
internal static class Terminal
{
    /// <summary>Writes a table.</summary>
    public static void WriteTable(string[] heads, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var head in heads)
        {
            table.AddColumn(new TableColumn(new Text(head, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Index().Select(cell => new Text(cell.Item, cell.Index == 0 ? new Style(Color.Green) : Style.Plain)));
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Shows that something is being waited for, until it is there.</summary>
    public static Task<T> WaitAsync<T>(string forWhat, Func<Task<T>> get) =>
        AnsiConsole.Status().StartAsync(Markup.Escape(forWhat), _ => get());
}
