using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.Methods;

/// <summary>Answers with code that calls a method.</summary>
/// <param name="route">The route.</param>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class SnippetHandler(ModelRoute route, MethodServices methods) : MethodHandler(route, methods)
{
    /// <summary>What the path of a method ends in, to ask for its code.</summary>
    public const string Ending = "/snippet";

    /// <inheritdoc/>
    protected override async Task ServeAsync(IncomingCall incoming, ModelAddress model, ModelMethod method)
    {
        var http = incoming.Http;
        var language = http.Request.Query["lang"] is [{ Length: > 0 } asked] ? asked : "curl";
        var path = RawPath.Of(http)[..^Ending.Length];
        var text = SnippetText.Of(language, $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase.ToUriComponent()}{path}", method);
        if (text is null)
        {
            await ErrorWriter.WriteAsync(http, MethodErrors.LanguageUnknown(language));
            return;
        }

        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(text, http.RequestAborted);
    }
}
