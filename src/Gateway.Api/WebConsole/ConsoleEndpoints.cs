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

    private const string OwnKey = "own";

    private const string SwitchedOff = "The console is switched off (Gateway:Console:Enabled).";
    private const string NotBuilt = "The console is not in this build: it was made without Node.js, or without its packages.";

    // Pictures, sounds and films are the user's own and the models', which the page holds itself (CSP 3); nothing comes from other hosts.
    private const string Policy =
        "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps it.</summary>
    /// <param name="endpoints">Where.</param>
    /// <param name="isAdmin">Whether this is the admin API's port, of which the console shows other pages.</param>
    /// <returns>All that was mapped.</returns>
    public static IEndpointConventionBuilder MapConsole(this IEndpointRouteBuilder endpoints, bool isAdmin = false)
    {
        var files = new Lazy<ConsoleFiles>(() => new ConsoleFiles());
        var isEnabled = endpoints.ServiceProvider.GetRequiredService<IOptions<GatewayOptions>>().Value.Console.Enabled;
        var group = endpoints.MapGroup("").ExcludeFromDescription();
        if (isAdmin && !(isEnabled && files.Value.Page is not null))
        {
            return group; // what the plain page leads to is not at that port
        }

        group.Map("/", http => ServeRootAsync(http, isEnabled ? files : null));
        if (isEnabled)
        {
            group.MapGet(PagePath, http => ServePageAsync(http, files.Value));
            group.MapGet(
                $"{PagePath}/about.json",
                (HttpContext http, UpstreamTarget upstream, TenantDirectory tenants, IOptions<GatewayOptions> options) =>
                    About(http, upstream.IsSandbox, isAdmin, isAdmin ? OwnKey : KeyFor(upstream, tenants.Current, options.Value)));
            group.MapGet($"{PagePath}/{{file}}", http => ServeFileAsync(http, files.Value));
        }

        return group;
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
    private static JsonHttpResult<JsonObject> About(HttpContext http, bool isSandbox, bool isAdmin, string key)
    {
        http.Response.Headers.CacheControl = "no-store";
        Protect(http.Response.Headers);
        return TypedResults.Json(new JsonObject
        {
            ["version"] = GatewayVersion.Number,
            ["sandbox"] = isSandbox,
            ["admin"] = isAdmin,
            ["key"] = key,
        });
    }

    private static string KeyFor(UpstreamTarget upstream, TenantSnapshot tenants, GatewayOptions options) =>
        tenants.Default is not null ? "none"
            : tenants.PassesKeysThrough && upstream.IsSandbox && options.Sandbox.Keys is null ? "any"
            : OwnKey;

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.GetTypedHeaders().Accept.Any(type => type.MediaType == MediaTypeNames.Text.Html);
}
