using System.Text;
using System.Text.Json;
using Gateway.Api.Http;
using Gateway.Api.Stored;
using Gateway.Store.Usage;

namespace Gateway.Api.Faces.Admin;

/// <summary>What was used, and who did what.</summary>
internal static class ReportRoutes
{
    // Rows that are written before they are sent.
    private const int RowsAtOnce = 256;

    public static Task<AdminAnswer> UsageAsync(AdminRequest request, StoreAdministration administration)
    {
        var parameters = request.Parameters("from", "to", "tenant", "key", "model");
        var query = administration.Usage.QueryOf(
            parameters.Text("from"), parameters.Text("to"), parameters.Text("tenant"), parameters.Text("key"), parameters.Text("model"));
        var answer = (parameters.Fault ?? query.Fault) is { } fault
            ? fault
            : new AdminAnswer(StatusCodes.Status200OK)
            {
                WriteAsync = http =>
                {
                    var rows = administration.Usage.ReadAsync(query.Value!, request.Aborted);
                    return request.WantsCsv ? WriteCsvAsync(http, rows) : WriteJsonAsync(http, query.Value!, rows);
                },
            };
        return Task.FromResult(answer);
    }

    public static async Task<AdminAnswer> AuditAsync(AdminRequest request, StoreAdministration administration)
    {
        var parameters = request.Parameters("tenant", "after", "limit");
        var (tenant, after) = (parameters.Text("tenant"), parameters.Text("after"));
        var count = parameters.Count("limit", StorePages.MaxCount) ?? PageAnswer.DefaultCount;
        return parameters.Fault is { } fault
            ? fault
            : PageAnswer.Of(
                "audit", await administration.ListAuditAsync(tenant, after, count, request.Aborted), AdministrationJson.Of);
    }

    private static async Task WriteCsvAsync(HttpContext http, IAsyncEnumerable<UsageRecord> rows)
    {
        http.Response.ContentType = "text/csv; charset=utf-8; header=present";
        http.Response.Headers.Vary = "Accept";
        var output = http.Response.BodyWriter;
        Encoding.UTF8.GetBytes(UsageReport.CsvHead(), output);
        var count = 0;
        await foreach (var row in rows)
        {
            Encoding.UTF8.GetBytes(UsageReport.CsvLine(row), output);
            if (++count % RowsAtOnce == 0)
            {
                await ResponseFlow.FlushAsync(http, http.RequestAborted);
            }
        }

        await ResponseFlow.FlushAsync(http, http.RequestAborted);
    }

    private static async Task WriteJsonAsync(HttpContext http, UsageQuery query, IAsyncEnumerable<UsageRecord> rows)
    {
        http.Response.ContentType = BodyType.Json;
        http.Response.Headers.Vary = "Accept";
        await using var json = AdminWriter.Begin(http);
        json.WriteStartObject();
        json.WriteString("from", UsageReport.DayText(query.From));
        json.WriteString("to", UsageReport.DayText(query.To));
        json.WriteStartArray("usage");
        var count = 0;
        await foreach (var row in rows)
        {
            AdministrationJson.Of(row).WriteTo(json);
            if (++count % RowsAtOnce == 0)
            {
                await FlushAsync(http, json);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await FlushAsync(http, json);
    }

    private static async Task FlushAsync(HttpContext http, Utf8JsonWriter json)
    {
        json.Flush();
        await ResponseFlow.FlushAsync(http, http.RequestAborted);
    }
}
