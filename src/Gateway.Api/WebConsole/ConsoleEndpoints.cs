using System.Net.Mime;
using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Api.Lifetime;
using Gateway.Api.Tenancy;
using Gateway.Api.Upstream;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Gateway.Api.WebConsole;

/// <summary>
/// The console at <c>/console</c>, and at <c>/</c> for people who open the gateway's address in a browser; programs get there what unknown
/// paths get. Its own addresses are relative: a proxy may have a prefix in front.
/// </summary>
internal static class ConsoleEndpoints
{
    /// <summary>Where it is.</summary>
    public const string PagePath = "/console";

    private const string SwitchedOff = "The console is switched off (Gateway:Console:Enabled).";
    private const string NotBuilt = "The console is not in this build: it was made without Node.js, or without its packages.";

    // Pictures, sounds and films are the user's own and the models', which the page holds itself (CSP 3); nothing comes from other hosts.
    private const string Policy =
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps it.</summary>
    public static void MapConsole(this IEndpointRouteBuilder endpoints)
    {
        var files = new Lazy<ConsoleFiles>(() => new ConsoleFiles());
        var isEnabled = endpoints.ServiceProvider.GetRequiredService<IOptions<GatewayOptions>>().Value.Console.Enabled;
        endpoints.Map("/", http => ServeRootAsync(http, isEnabled ? files : null)).ExcludeFromDescription();
        if (!isEnabled)
        {
            return;
        }

        endpoints.MapGet(PagePath, http => ServePageAsync(http, files.Value)).ExcludeFromDescription();
        endpoints.MapGet($"{PagePath}/about.json", About).ExcludeFromDescription();
        endpoints.MapGet($"{PagePath}/{{file}}", http => ServeFileAsync(http, files.Value)).ExcludeFromDescription();
    }

    private static Task ServeRootAsync(HttpContext http, Lazy<ConsoleFiles>? files)
    {
        http.Response.Headers.Vary = HeaderNames.Accept;
        if (!WantsPage(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return files is null ? StartPage.ServeAsync(http, SwitchedOff) : ServePageAsync(http, files.Value);
    }

    private static Task ServePageAsync(HttpContext http, ConsoleFiles files)
    {
        if (http.Request.Path.Value is $"{PagePath}/")
        {
            // What the page names is relative to the folder that both of its addresses are in.
            return Results.Redirect($"..{PagePath}", permanent: true, preserveMethod: true).ExecuteAsync(http);
        }

        if (files.Page is not { } page)
        {
            return StartPage.ServeAsync(http, NotBuilt);
        }

        // Keys are typed into it: no other site may frame it or run its own script there.
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers["Permissions-Policy"] = "camera=(self), microphone=(self)";
        Protect(headers);
        return page.ServeAsync(http);
    }

    private static Task ServeFileAsync(HttpContext http, ConsoleFiles files)
    {
        if (files.Find(http.Request.Path.Value![1..]) is not { } file)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        Protect(http.Response.Headers);
        return file.ServeAsync(http);
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }

    // What the page has to know before it can ask anything: whose key it needs.
    private static JsonHttpResult<JsonObject> About(
        HttpContext http, UpstreamTarget upstream, TenantDirectory tenants, IOptions<GatewayOptions> options)
    {
        http.Response.Headers.CacheControl = "no-store";
        Protect(http.Response.Headers);
        var current = tenants.Current;
        var takesAnyKey = current.PassesKeysThrough && upstream.IsSandbox && options.Value.Sandbox.Keys is null;
        return TypedResults.Json(new JsonObject
        {
            ["version"] = GatewayVersion.Number,
            ["sandbox"] = upstream.IsSandbox,
            ["key"] = current.Default is not null ? "none" : takesAnyKey ? "any" : "own",
        });
    }

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.GetTypedHeaders().Accept.Any(type => type.MediaType == MediaTypeNames.Text.Html);
}
