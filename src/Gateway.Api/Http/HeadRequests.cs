using Gateway.Api.Logging;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Http;

/// <summary>
/// Answers HEAD wherever GET works, as GET would but without the content (RFC 9110, 9.3.2): to what follows, the request is a GET. Stands
/// before routing, and before everything that answers.
/// </summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    /// <summary>What a path's header <c>Allow</c> names, HEAD included where GET is.</summary>
    /// <param name="allow">The verbs that its endpoints take.</param>
    public static string Allow(string allow)
    {
        var verbs = allow.Split(", ");
        return verbs.Contains(HttpMethods.Get) ? string.Join(", ", verbs.Append(HttpMethods.Head).Distinct()) : allow;
    }

    /// <summary>Runs the request.</summary>
    public Task InvokeAsync(HttpContext http) => HttpMethods.IsHead(http.Request.Method) ? AnswerAsync(http) : next(http);

    private async Task AnswerAsync(HttpContext http)
    {
        var body = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var aborted = http.RequestAborted;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var noContent = new NoContent(http.Response, body, end);
        http.Request.Method = HttpMethods.Get;
        http.Features.Set<IHttpResponseBodyFeature>(noContent);
        http.RequestAborted = end.Token;
        try
        {
            await next(http);
            noContent.Complete();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            // What would have gone on for longer has ended with the headers.
        }
        finally
        {
            RequestRecord.Of(http).ResponseBytes = 0;
            http.RequestAborted = aborted;
            http.Features.Set(body);
            http.Request.Method = HttpMethods.Head;
        }
    }
}
