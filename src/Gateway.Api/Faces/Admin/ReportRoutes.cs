using System.Text;
using System.Text.Json;
using Gateway.Api.Http;
using Gateway.Api.Stored;
using Gateway.Store.Usage;
using Microsoft.Net.Http.Headers;

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
                WriteAsync = async http =>
                {
                    await using var rows = administration.Usage.ReadAsync(query.Value!, request.Aborted).GetAsyncEnumerator();

                    // Before anything is written: the store may not answer.
                    var hasRow = await rows.MoveNextAsync();
                    http.Response.Headers.Vary = HeaderNames.Accept;
                    await (request.WantsCsv ? WriteCsvAsync(http, rows, hasRow) : WriteJsonAsync(http, query.Value!, rows, hasRow));
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

    private static async Task WriteCsvAsync(HttpContext http, IAsyncEnumerator<UsageRecord> rows, bool hasRow)
    {
        http.Response.ContentType = "text/csv; charset=utf-8; header=present";
        var output = http.Response.BodyWriter;
        Encoding.UTF8.GetBytes(UsageReport.CsvHead(), output);
        for (var count = 1; hasRow; count++, hasRow = await rows.MoveNextAsync())
        {
            Encoding.UTF8.GetBytes(UsageReport.CsvLine(rows.Current), output);
            if (count % RowsAtOnce == 0)
            {
                await ResponseFlow.FlushAsync(http, http.RequestAborted);
            }
        }

        await ResponseFlow.FlushAsync(http, http.RequestAborted);
    }

    private static async Task WriteJsonAsync(
        HttpContext http, UsageQuery query, IAsyncEnumerator<UsageRecord> rows, bool hasRow)
    {
        http.Response.ContentType = BodyType.Json;
        await using var json = AdminWriter.Begin(http);
        json.WriteStartObject();
        json.WriteString("from", UsageReport.DayText(query.From));
        json.WriteString("to", UsageReport.DayText(query.To));
        json.WriteStartArray("usage");
        for (var count = 1; hasRow; count++, hasRow = await rows.MoveNextAsync())
        {
            AdministrationJson.Of(rows.Current).WriteTo(json);
            if (count % RowsAtOnce == 0)
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
