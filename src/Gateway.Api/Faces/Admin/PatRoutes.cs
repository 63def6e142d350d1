using System.Text.Json.Nodes;
using Gateway.Api.Stored;

namespace Gateway.Api.Faces.Admin;

/// <summary>Personal Access Tokens of tenants, by their names. A token itself goes in, and is in no answer.</summary>
internal static class PatRoutes
{
    public static async Task<AdminAnswer> SetAsync(AdminRequest request, StoreAdministration administration)
    {
        var body = request.Body("token", "requestsPerSecond");
        var token = body.RequiredText("token");
        var rate = body.Count("requestsPerSecond", int.MaxValue);
        var (tenant, name) = (request.Path("tenant"), request.Path("pat"));
        return (body.Fault ?? PreconditionFault(request, name)) is { } fault
            ? fault
            : AdminAnswer.Of(
                await administration.Pats.SetAsync(tenant, name, token, rate, request.Aborted),
                AdministrationJson.Of,
                location: _ => $"{AdminEndpoints.Root}/tenants/{tenant}/pats/{name}");
    }

    public static async Task<AdminAnswer> ListAsync(AdminRequest request, StoreAdministration administration) => AdminAnswer.Of(
        await administration.Pats.ListAsync(request.Path("tenant"), request.Aborted),
        pats => new JsonObject { ["pats"] = new JsonArray([.. pats.Select(AdministrationJson.Of)]) });

    public static async Task<AdminAnswer> GetAsync(AdminRequest request, StoreAdministration administration) => AdminAnswer.Of(
        await administration.Pats.GetAsync(request.Path("tenant"), request.Path("pat"), request.Aborted), AdministrationJson.Of);

    public static async Task<AdminAnswer> RemoveAsync(AdminRequest request, StoreAdministration administration) =>
        PreconditionFault(request, request.Path("pat")) is { } fault
            ? fault
            : AdminAnswer.Gone(await administration.Pats.RemoveAsync(request.Path("tenant"), request.Path("pat"), request.Aborted));

    // Tokens have no versions, so that none is the one that the client means.
    private static OperationFault? PreconditionFault(AdminRequest request, string name) =>
        request.Version is null ? null : OperationFault.Conflict($"Token {(DefinitionName.IsOne(name) ? name : "of that name")}");
}
