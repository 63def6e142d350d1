using System.Globalization;
using Gateway.Store.Usage;

namespace Gateway.Api.Stored;

/// <summary>What tenants used, as it is asked for: a day, a tenant, a key and a model a row.</summary>
/// <param name="usage">The store's counts.</param>
/// <param name="time">The clock of today.</param>
internal sealed class UsageReport(UsageStore usage, TimeProvider time)
{
    private const string DayForm = "yyyy-MM-dd";

    /// <summary>The columns, by their names in JSON and CSV.</summary>
    public static readonly string[] Columns =
    [
        "day", "tenant", "key", "model", "requests", "inputs", "requestBytes", "responseBytes", "promptTokens", "completionTokens",
        "cachedTokens",
    ];

    /// <summary>Reads what is asked for.</summary>
    /// <param name="from">The first day (UTC), as 2030-01-31; null for the first of this month.</param>
    /// <param name="to">The last day; null for today.</param>
    /// <param name="tenant">Whose; null for all.</param>
    /// <param name="key">By which key; null for all.</param>
    /// <param name="model">Of what; null for all.</param>
    public OperationResult<UsageQuery> QueryOf(string? from, string? to, string? tenant, string? key, string? model)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return !TryReadDay(from, new DateOnly(today.Year, today.Month, 1), out var first) ? NoDay("from")
            : !TryReadDay(to, today, out var last) ? NoDay("to")
            : first > last ? OperationFault.Invalid("from", "from is a day after to.")
            : new UsageQuery(first, last, tenant, key, model);
    }

    /// <summary>The rows, as they are read, by day, tenant, key and model.</summary>
    public IAsyncEnumerable<UsageRecord> ReadAsync(UsageQuery query, CancellationToken cancellationToken) =>
        usage.ReadAsync(query, cancellationToken);

    /// <summary>A row's values, in the order of <see cref="Columns"/>: texts, then numbers.</summary>
    public static (string[] Texts, long[] Numbers) ValuesOf(UsageRecord row) =>
    (
        [DayText(row.Day), row.Tenant, row.Key, row.Model],
        [
            row.Amounts.Requests, row.Amounts.Inputs, row.Amounts.RequestBytes, row.Amounts.ResponseBytes, row.Amounts.PromptTokens,
            row.Amounts.CompletionTokens, row.Amounts.CachedTokens,
        ]
    );

    /// <summary>The line of CSV with the columns' names (RFC 4180).</summary>
    public static string CsvHead() => string.Join(',', Columns) + "\r\n";

    /// <summary>A row as a line of CSV.</summary>
    public static string CsvLine(UsageRecord row)
    {
        var (texts, numbers) = ValuesOf(row);
        string[] cells = [.. texts.Select(CsvText), .. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))];
        return string.Join(',', cells) + "\r\n";
    }

    /// <summary>A day, as <see cref="QueryOf"/> reads it.</summary>
    public static string DayText(DateOnly day) => day.ToString(DayForm, CultureInfo.InvariantCulture);

    private static OperationFault NoDay(string which) => OperationFault.Invalid(which, $"{which} is a day, as in 2030-01-31.");

    private static bool TryReadDay(string? text, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return text is null || DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    // Names of models are what clients said. A spreadsheet would run what looks like a formula: OWASP, "CSV Injection".
    private static string CsvText(string text)
    {
        var tame = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;
        return tame.AsSpan().ContainsAny(",\"\r\n") ? $"\"{tame.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : tame;
    }
}
