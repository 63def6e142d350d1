using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Tenancy;

namespace Gateway.Api.Models;

/// <summary>
/// Where a call is to run, when the client chooses: a deployment, or a nodepool of a compute cluster. By header, or by query.
/// </summary>
internal static class RunnerChoice
{
    private const string OwnerHeader = "X-Clarifai-Deployment-User-Id";
    private const string DeploymentHeader = "X-Clarifai-Deployment-Id";
    private const string NodepoolHeader = "X-Clarifai-Nodepool-Id";
    private const string ClusterHeader = "X-Clarifai-Compute-Cluster-Id";

    private static readonly string[] Headers = [OwnerHeader, DeploymentHeader, NodepoolHeader, ClusterHeader];

    /// <summary>
    /// Judges headers that go upstream as they are, where nobody knows what they count for: a choice is not for those who have none.
    /// </summary>
    /// <returns>Why the tenant may not send them; null when it may.</returns>
    public static ApiError? RefusalOf(IHeaderDictionary headers, Tenant tenant) =>
        !tenant.IsRestricted || !Array.Exists(Headers, headers.ContainsKey) ? null
        : tenant.Grants.FirstOrDefault(grant => grant.Allowed is not null) is { } limited ? ApiErrors.OtherNamed(limited.Holder)
        : tenant.Grants.FirstOrDefault(grant => grant.Denied is not null) is { } denied ? ApiErrors.MayBeDenied(denied.Holder)
        : headers.TryGetValue(OwnerHeader, out var owner) && owner != tenant.UserId ? ApiErrors.NotWithin(tenant.Name)
        : null;

    /// <summary>What a request chooses; null when it chooses nothing.</summary>
    public static RunnerSelector? In(HttpRequest request)
    {
        var owner = Read(request, OwnerHeader, "deployment_user_id");
        var deployment = Read(request, DeploymentHeader, "deployment_id");
        var nodepool = Read(request, NodepoolHeader, "nodepool_id");
        var cluster = Read(request, ClusterHeader, "compute_cluster_id");
        if (deployment.Length + nodepool.Length + cluster.Length == 0)
        {
            return null;
        }

        return new RunnerSelector
        {
            Deployment = deployment.Length == 0 ? null : new Deployment { Id = deployment, UserId = owner },
            Nodepool = nodepool.Length + cluster.Length == 0 ? null : new Nodepool
            {
                Id = nodepool,
                ComputeCluster = cluster.Length == 0 ? null : new ComputeCluster { Id = cluster, UserId = owner },
            },
        };
    }

    private static string Read(HttpRequest request, string header, string parameter) =>
        request.Headers[header] is [{ Length: > 0 } value] ? value : request.Query[parameter].ToString();
}
