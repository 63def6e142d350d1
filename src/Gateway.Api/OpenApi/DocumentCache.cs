using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;

namespace Gateway.Api.OpenApi;

/// <summary>
/// Has the document made when it is first asked for, and kept until the process ends: it is the same for everybody, whoever asks, with
/// whatever key, query and host. Of the answers, only the document is shared.
/// </summary>
internal sealed class DocumentCache : IOutputCachePolicy
{
    private static readonly TimeSpan Unchanging = TimeSpan.FromDays(1);

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = Unchanging;
        context.CacheVaryByRules.QueryKeys = StringValues.Empty;
        context.CacheVaryByRules.VaryByHost = false;
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The cache keeps headers, too, and puts them over those that the answer has already: these come back before it starts.
    /// </summary>
    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var response = context.HttpContext.Response;
        var own = response.Headers.ToArray();
        response.OnStarting(() =>
        {
            foreach (var (name, value) in own)
            {
                response.Headers[name] = value;
            }

            return Task.CompletedTask;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        context.AllowCacheStorage = context.HttpContext.Response.StatusCode == StatusCodes.Status200OK;
        return ValueTask.CompletedTask;
    }
}
