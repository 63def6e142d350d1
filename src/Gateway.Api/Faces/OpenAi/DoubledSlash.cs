using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>
/// Base addresses that end in a slash: clients put a path of their own behind it, and <c>/v1//chat/completions</c> means
/// <c>/v1/chat/completions</c>. Slashes further on may belong to the name of a model.
/// </summary>
internal static class DoubledSlash
{
    private const string Doubled = OpenAiEndpoints.Root + "//";

    /// <summary>Has all that follows, routing included, see one slash.</summary>
    public static void UseOpenAiPaths(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.Request.Path.Value?.StartsWith(Doubled, StringComparison.OrdinalIgnoreCase) == true)
        {
            var request = http.Features.GetRequiredFeature<IHttpRequestFeature>();
            request.Path = Reduce(request.Path);
            request.RawTarget = Reduce(request.RawTarget);
        }

        return next(http);
    });

    private static string Reduce(string target)
    {
        var at = target.IndexOf(Doubled, StringComparison.OrdinalIgnoreCase);
        return at < 0
            ? target
            : string.Concat(target.AsSpan(0, at + Doubled.Length - 1), target.AsSpan(at + Doubled.Length).TrimStart('/'));
    }
}
