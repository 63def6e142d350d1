using Clarifai.Api;

namespace Gateway.Api.Models;

/// <summary>
/// Where a call is to run, when the client chooses: a deployment, or a nodepool of a compute cluster. By header, or by query.
/// </summary>
internal static class RunnerChoice
{
    /// <summary>What a request chooses; null when it chooses nothing.</summary>
    public static RunnerSelector? In(HttpRequest request)
    {
        var owner = Read(request, "X-Clarifai-Deployment-User-Id", "deployment_user_id");
        var deployment = Read(request, "X-Clarifai-Deployment-Id", "deployment_id");
        var nodepool = Read(request, "X-Clarifai-Nodepool-Id", "nodepool_id");
        var cluster = Read(request, "X-Clarifai-Compute-Cluster-Id", "compute_cluster_id");
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
