using Gateway.Api.Stored;
using Gateway.Store.Definitions;

namespace Gateway.Api.Faces.Admin;

/// <summary>Tenants, by their names.</summary>
internal static class TenantRoutes
{
    public static async Task<AdminAnswer> AddAsync(AdminRequest request, StoreAdministration administration)
    {
        var body = request.Body("name", "settings");
        var name = body.RequiredText("name");
        var settings = body.Section("settings");
        return body.Fault is { } fault ? fault : Answer(await administration.Tenants.AddAsync(name, settings, request.Aborted));
    }

    public static async Task<AdminAnswer> ListAsync(AdminRequest request, StoreAdministration administration)
    {
        var (after, count, fault) = PageAnswer.Read(request);
        return fault is not null
            ? fault
            : PageAnswer.Of("tenants", await administration.Tenants.ListAsync(after, count, request.Aborted), AdministrationJson.Of);
    }

    public static async Task<AdminAnswer> GetAsync(AdminRequest request, StoreAdministration administration) =>
        Answer(await administration.Tenants.GetAsync(request.Path("tenant"), request.Aborted));

    public static async Task<AdminAnswer> ChangeAsync(AdminRequest request, StoreAdministration administration)
    {
        var body = request.Body("settings");
        var patch = body.Section("settings");
        return body.Fault is { } fault
            ? fault
            : Answer(await administration.Tenants.ChangeAsync(request.Path("tenant"), request.Version, patch, request.Aborted));
    }

    public static async Task<AdminAnswer> RemoveAsync(AdminRequest request, StoreAdministration administration) =>
        AdminAnswer.Gone(await administration.Tenants.RemoveAsync(request.Path("tenant"), request.Version, request.Aborted));

    private static AdminAnswer Answer(OperationResult<StoredTenant> result) => AdminAnswer.Of(
        result, AdministrationJson.Of, tenant => tenant.Version, tenant => $"{AdminEndpoints.Root}/tenants/{tenant.Name}");
}
