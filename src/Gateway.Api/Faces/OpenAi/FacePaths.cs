using Gateway.Api.Configuration;
using Gateway.Api.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>
/// Paths that mean the face's without being written so. At the root, where clients expect OpenAI's API: <c>/v1/models</c> means
/// <c>/v2/ext/openai/v1/models</c>. And below base addresses that end in a slash: clients put a path of their own behind it, and
/// <c>/v1//chat/completions</c> means <c>/v1/chat/completions</c>; slashes further on may belong to the name of a model.
/// </summary>
internal static class FacePaths
{
    private const string AtRoot = "/v1/";
    private const string Face = OpenAiEndpoints.Root + "/";

    /// <summary>Has all that follows, routing included, see the face's own path.</summary>
    public static void UseOpenAiPaths(this IApplicationBuilder app)
    {
        var isAtRoot = app.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value.OpenAi.AtRoot;
        app.Use((http, next) =>
        {
            var path = http.Request.Path.Value ?? "";
            if (isAtRoot && path.StartsWith(AtRoot, StringComparison.OrdinalIgnoreCase))
            {
                Replace(http, AtRoot);
            }
            else if (path.StartsWith(Face + "/", StringComparison.OrdinalIgnoreCase))
            {
                Replace(http, Face);
            }

            return next(http);
        });
    }

    // One whose start is percent-encoded stays as it came, and is unknown.
    private static void Replace(HttpContext http, string start)
    {
        var raw = RawPath.Of(http);
        if (raw.StartsWith(start, StringComparison.OrdinalIgnoreCase))
        {
            var request = http.Features.GetRequiredFeature<IHttpRequestFeature>();
            request.RawTarget = string.Concat(Face, raw[start.Length..].TrimStart('/'), request.QueryString);
            request.Path = string.Concat(Face, request.Path.AsSpan(start.Length).TrimStart('/'));
        }
    }
}
