using System.Collections.Immutable;
using Gateway.Core.Schema;

namespace Gateway.Core.Binding;

/// <summary>Every route of the API: the bindings of all RPCs, collisions settled, further forms added. Immutable.</summary>
public sealed class HttpRoutes
{
    // The REST API has these for the unary RPC only.
    private static readonly (string Rpc, string Path)[] FurtherForms =
    [
        ("GenerateModelOutputs", "/v2/models/{model_id}/outputs/generate"),
        ("GenerateModelOutputs", "/v2/models/{model_id}/versions/{version_id}/outputs/generate"),
        ("StreamModelOutputs", "/v2/models/{model_id}/outputs/stream"),
        ("StreamModelOutputs", "/v2/models/{model_id}/versions/{version_id}/outputs/stream"),
        ("StreamModelOutputs", "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/outputs/stream"),
        (
            "StreamModelOutputs",
            "/v2/users/{user_app_id.user_id}/apps/{user_app_id.app_id}/models/{model_id}/versions/{version_id}/outputs/stream"),
    ];

    private HttpRoutes(ImmutableArray<HttpRoute> all) => All = all;

    /// <summary>The routes, each verb and path once.</summary>
    public ImmutableArray<HttpRoute> All { get; }

    /// <summary>Compiles the routes.</summary>
    public static HttpRoutes Compile(ApiSchema schema)
    {
        var bindings = schema.Rpcs.SelectMany(HttpBinding.Of).ToList();
        bindings.AddRange(FurtherForms.Select(form => bindings.First(binding => binding.Rpc.Name == form.Rpc).At(form.Path)));
        return new HttpRoutes([.. bindings.GroupBy(binding => (binding.Method, binding.Path.Shape)).Select(group => Settle([.. group]))]);
    }

    // Where several RPCs are bound to one verb and path, a REST caller means the unary one whose name says the verb:
    // Post… for POST, List… or Get… for GET.
    private static HttpRoute Settle(HttpBinding[] sharing)
    {
        var unary = Array.FindAll(sharing, binding => binding.Rpc.Kind == RpcKind.Unary);
        var stream = Array.Find(sharing, binding => binding.Rpc.Kind == RpcKind.ServerStreaming);
        var main = Array.Find(unary, SaysItsVerb) ?? unary.FirstOrDefault() ?? sharing[0];
        return new HttpRoute(main, main == stream ? null : stream);
    }

    private static bool SaysItsVerb(HttpBinding binding) => binding.Method switch
    {
        "GET" =>
            binding.Rpc.Name.StartsWith("List", StringComparison.Ordinal) || binding.Rpc.Name.StartsWith("Get", StringComparison.Ordinal),
        var verb => binding.Rpc.Name.StartsWith(verb, StringComparison.OrdinalIgnoreCase),
    };
}
