using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.Methods;

/// <summary>Answers with code that calls a method.</summary>
internal sealed class SnippetHandler(ModelPath path, ModelLookup models, MethodRpcs rpcs) : IRequestHandler
{
    /// <summary>What the path of a method ends in, to ask for its code.</summary>
    public const string Ending = "/snippet";

    public RequestRoute Route { get; } = new(path.Pattern, null, rpcs.Access);

    public async Task ServeAsync(IncomingCall incoming)
    {
        var (_, method, error) = await models.FindMethodAsync(incoming, path);
        await (method is null ? ErrorWriter.WriteAsync(incoming.Http, error!) : WriteAsync(incoming.Http, method));
    }

    private static async Task WriteAsync(HttpContext http, ModelMethod method)
    {
        var language = http.Request.Query["lang"] is [{ Length: > 0 } asked] ? asked : "curl";
        var called = RawPath.Of(http)[..^Ending.Length];
        var text = SnippetText.Of(
            language, $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase.ToUriComponent()}{called}", method);
        if (text is null)
        {
            await ErrorWriter.WriteAsync(
                http,
                MethodErrors.Invalid($"There are no snippets in {language}; lang is one of {string.Join(", ", SnippetText.Languages)}."));
            return;
        }

        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(text, http.RequestAborted);
    }
}
