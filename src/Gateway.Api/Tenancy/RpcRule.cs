using Gateway.Core.Binding;
using Gateway.Core.Schema;

namespace Gateway.Api.Tenancy;

/// <summary>What deciding on calls of an RPC takes to know of it.</summary>
/// <param name="Name">The RPC's name.</param>
/// <param name="Group">What it is for.</param>
/// <param name="Own">The resource that it is about.</param>
/// <param name="Owner">Whose resources it is about.</param>
internal sealed record RpcRule(string Name, RpcGroup Group, OwnResource Own, RpcOwner Owner)
{
    // The API's own path for it names the model in the messages alone.
    private const string ModelWithoutPath = "StreamModelOutputs";

    // Runners are their user's.
    private const string UserWithoutPath = "ProcessRunnerItems";

    /// <summary>Compiles the rule of an RPC.</summary>
    public static RpcRule Of(RpcPlan rpc)
    {
        // The first path is the RPC's; in further ones the same field may be a mere filter.
        var path = HttpBinding.Of(rpc).FirstOrDefault()?.Path;
        return new RpcRule(rpc.Name, RpcGroups.Of(rpc), OwnOf(rpc, path), OwnerOf(rpc, path));
    }

    private static OwnResource OwnOf(RpcPlan rpc, PathTemplate? path) =>
        rpc.Name == ModelWithoutPath || Names(path, "model_id") ? OwnResource.Model
        : Names(path, "workflow_id") ? OwnResource.Workflow
        : OwnResource.None;

    private static RpcOwner OwnerOf(RpcPlan rpc, PathTemplate? path) =>
        Names(path, "user_app_id.app_id") ? RpcOwner.App
        : rpc.Name == UserWithoutPath || Names(path, "user_app_id.user_id") ? RpcOwner.User
        : RpcOwner.Unsaid;

    private static bool Names(PathTemplate? path, string field) => path?.Segments.Any(segment => segment.Variable?.Text == field) == true;
}
