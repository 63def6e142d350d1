using System.Text;
using Gateway.Api.Logging;

namespace Gateway.Api.Http;

/// <summary>
/// Ends answers of JSON with a line feed for those who read them in a terminal, whose prompt would stand behind the last brace otherwise:
/// JSON may have white space there (RFC 8259, 2). Answers whose length is not known before they are sent, and those to all other clients,
/// go as the API writes them.
/// </summary>
internal sealed class LastLine(RequestDelegate next)
{
    private static readonly string[] Terminals = ["curl/", "Wget/", "HTTPie/"];

    /// <summary>Runs the request.</summary>
    public Task InvokeAsync(HttpContext http) =>
        http.Request.Headers.UserAgent is [{ } agent] && Array.Exists(Terminals, name => agent.StartsWith(name, StringComparison.Ordinal))
            ? AnswerAsync(http)
            : next(http);

    private async Task AnswerAsync(HttpContext http)
    {
        var isJson = false;
        http.Response.OnStarting(() =>
        {
            isJson = http.Response is { ContentType: BodyType.Json, Headers.ContentEncoding.Count: 0, ContentLength: not null };
            http.Response.ContentLength += isJson ? 1 : 0;
            return Task.CompletedTask;
        });
        await next(http);
        if (isJson && !http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.WriteAsync("\n", Encoding.UTF8, http.RequestAborted);
            RequestRecord.Of(http).ResponseBytes++;
        }
    }
}
