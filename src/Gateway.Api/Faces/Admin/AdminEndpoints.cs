using Gateway.Api.Configuration;
using Gateway.Api.Http;
using Gateway.Api.OpenApi;
using Gateway.Api.WebConsole;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Gateway.Api.Faces.Admin;

/// <summary>
/// The admin API: a world of its own, which answers at its own port and nowhere else, as nothing else answers there.
/// </summary>
internal static class AdminEndpoints
{
    /// <summary>The path in front of all of them.</summary>
    public const string Root = "/admin/v1";

    /// <summary>Where its description is.</summary>
    public const string DocumentPath = "/admin/openapi.json";

    /// <summary>Where Prometheus finds metrics.</summary>
    public const string MetricsPath = "/metrics";

    private const string Tenants = $"{Root}/tenants";
    private const string Tenant = $"{Tenants}/{{tenant}}";
    private const string Keys = $"{Tenant}/keys";
    private const string Key = $"{Keys}/{{key}}";
    private const string Pats = $"{Tenant}/pats";
    private const string Pat = $"{Pats}/{{pat}}";

    private static readonly (string Verb, string Path, AdminOperation Operation)[] Routes =
    [
        (HttpMethods.Post, Tenants, TenantRoutes.AddAsync),
        (HttpMethods.Get, Tenants, TenantRoutes.ListAsync),
        (HttpMethods.Get, Tenant, TenantRoutes.GetAsync),
        (HttpMethods.Patch, Tenant, TenantRoutes.ChangeAsync),
        (HttpMethods.Delete, Tenant, TenantRoutes.RemoveAsync),
        (HttpMethods.Post, Keys, KeyRoutes.CreateAsync),
        (HttpMethods.Get, Keys, KeyRoutes.ListAsync),
        (HttpMethods.Get, Key, KeyRoutes.GetAsync),
        (HttpMethods.Patch, Key, KeyRoutes.ChangeAsync),
        (HttpMethods.Delete, Key, KeyRoutes.RevokeAsync),
        (HttpMethods.Post, $"{Key}/rotate", KeyRoutes.RotateAsync),
        (HttpMethods.Get, Pats, PatRoutes.ListAsync),
        (HttpMethods.Put, Pat, PatRoutes.SetAsync),
        (HttpMethods.Get, Pat, PatRoutes.GetAsync),
        (HttpMethods.Delete, Pat, PatRoutes.RemoveAsync),
        (HttpMethods.Get, $"{Root}/usage", ReportRoutes.UsageAsync),
        (HttpMethods.Get, $"{Root}/audit", ReportRoutes.AuditAsync),
    ];

    /// <summary>The verbs and paths, as the description has them.</summary>
    public static IEnumerable<(string Verb, string Path)> All => Routes.Select(route => (route.Verb, route.Path));

    /// <summary>Adds what it needs, where the settings have it.</summary>
    public static void AddAdmin(this IServiceCollection services, AdminOptions options)
    {
        if (options.Url.Length > 0)
        {
            services.AddSingleton<AdminHandler>();
            services.AddOpenApi(AdminDocument.Name, document => document.AddDocumentTransformer<AdminDocument>());
        }
    }

    /// <summary>Takes what comes in at its port; everything else goes on.</summary>
    public static void UseAdmin(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value.Admin.Url.Length == 0)
        {
            return;
        }

        app.MapWhen(AdminConnection.Has, admin =>
        {
            admin.UseMiddleware<HeadRequests>();
            admin.UseMiddleware<LastLine>();
            admin.UseRouting();
            admin.UseMiddleware<AdminGate>();
            admin.UseEndpoints(Map);
        });
    }

    private static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var handler = services.GetRequiredService<AdminHandler>();
        foreach (var (verb, path, operation) in Routes)
        {
            endpoints.MapMethods(path, [verb], handler.Handle(operation, mayBeAskedTwice: HttpMethods.IsPost(verb)))
                .ExcludeFromDescription();
        }

        if (services.GetRequiredService<IOptions<GatewayOptions>>().Value.Telemetry.Prometheus)
        {
            endpoints.MapPrometheusScrapingEndpoint(MetricsPath).WithMetadata(new AdminGate.OpenToMetricsKey()).ExcludeFromDescription();
        }

        endpoints.MapConsole(isAdmin: true).WithMetadata(new AdminGate.OpenToAll());
        var document = new ServedDocument(
            services.GetRequiredKeyedService<IOpenApiDocumentProvider>(AdminDocument.Name), OpenApiSpecVersion.OpenApi3_1);
        endpoints.MapGet(DocumentPath, document.ServeAsync).WithMetadata(new AdminGate.OpenToAll()).ExcludeFromDescription();
    }
}
