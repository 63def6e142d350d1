using Gateway.Api.Errors;
using Gateway.Core.Binding;

namespace Gateway.Api.Http;

/// <summary>
/// Gives the answers that routing makes by itself a body in the API's shape: unknown paths, wrong verbs, and what is not gRPC where it
/// should be.
/// </summary>
internal sealed class UnmatchedRequests(RequestDelegate next)
{
    /// <summary>Lets routing answer, then fills in the body; the API's own routes answer whole.</summary>
    public Task InvokeAsync(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<HttpRoute>() is null ? AnswerAsync(http) : next(http);

    private async Task AnswerAsync(HttpContext http)
    {
        await next(http);
        if (http.Response.HasStarted)
        {
            return;
        }

        switch (http.Response.StatusCode)
        {
            case StatusCodes.Status404NotFound:
                await ErrorWriter.WriteAsync(http, ApiErrors.PathUnknown);
                break;
            case StatusCodes.Status405MethodNotAllowed:
                var allow = HeadRequests.Allow(http.Response.Headers.Allow.ToString());
                http.Response.Headers.Allow = allow;
                await ErrorWriter.WriteAsync(http, ApiErrors.MethodNotAllowed(http.Request.Method, allow));
                break;
            case StatusCodes.Status415UnsupportedMediaType:
                await ErrorWriter.WriteAsync(http, ApiErrors.NotGrpc);
                break;
            case StatusCodes.Status426UpgradeRequired:
                await ErrorWriter.WriteAsync(http, ApiErrors.GrpcNeedsHttp2);
                break;
        }
    }
}
