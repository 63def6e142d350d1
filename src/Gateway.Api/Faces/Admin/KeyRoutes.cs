using Gateway.Api.Stored;
using Gateway.Store.Definitions;

namespace Gateway.Api.Faces.Admin;

/// <summary>Keys of tenants, by their names. A key itself is in the answer that makes it, and in no other.</summary>
internal static class KeyRoutes
{
    public static async Task<AdminAnswer> CreateAsync(AdminRequest request, StoreAdministration administration)
    {
        var body = request.Body("name", "settings", "expires");
        var name = body.Text("name") ?? DefinitionName.Default;
        var settings = body.Section("settings");
        var expires = body.Time("expires");
        var tenant = request.Path("tenant");
        return body.Fault is { } fault
            ? fault
            : Answer(tenant, await administration.Keys.CreateAsync(tenant, name, settings, expires, request.Aborted));
    }

    public static async Task<AdminAnswer> ListAsync(AdminRequest request, StoreAdministration administration)
    {
        var (after, count, fault) = PageAnswer.Read(request);
        return fault is not null
            ? fault
            : PageAnswer.Of(
                "keys",
                await administration.Keys.ListAsync(request.Path("tenant"), after, count, request.Aborted),
                AdministrationJson.Of);
    }

    public static async Task<AdminAnswer> GetAsync(AdminRequest request, StoreAdministration administration) =>
        Answer(await administration.Keys.GetAsync(request.Path("tenant"), request.Path("key"), request.Aborted));

    public static async Task<AdminAnswer> ChangeAsync(AdminRequest request, StoreAdministration administration)
    {
        var body = request.Body("settings", "expires");
        var patch = body.Section("settings");
        var expires = body.Time("expires");
        return body.Fault is { } fault
            ? fault
            : Answer(await administration.Keys.ChangeAsync(
                request.Path("tenant"),
                request.Path("key"),
                request.Version,
                patch,
                before => body.Has("expires") ? expires : before,
                request.Aborted));
    }

    public static async Task<AdminAnswer> RotateAsync(AdminRequest request, StoreAdministration administration)
    {
        var body = request.Body("overlap", "expires");
        var overlap = body.Span("overlap") ?? KeyAdministration.DefaultOverlap;
        var expires = body.Time("expires");
        var tenant = request.Path("tenant");
        return body.Fault is { } fault
            ? fault
            : Answer(tenant, await administration.Keys.RotateAsync(
                tenant, request.Path("key"), request.Version, overlap, expires, request.Aborted));
    }

    public static async Task<AdminAnswer> RevokeAsync(AdminRequest request, StoreAdministration administration) => AdminAnswer.Gone(
        await administration.Keys.RevokeAsync(request.Path("tenant"), request.Path("key"), request.Version, request.Aborted));

    private static AdminAnswer Answer(OperationResult<StoredKey> result) =>
        AdminAnswer.Of(result, AdministrationJson.Of, key => key.Version);

    private static AdminAnswer Answer(string tenant, OperationResult<IssuedKey> result) => AdminAnswer.Of(
        result,
        AdministrationJson.Of,
        issued => issued.Key.Version,
        issued => $"{AdminEndpoints.Root}/tenants/{tenant}/keys/{issued.Key.Name}");
}
