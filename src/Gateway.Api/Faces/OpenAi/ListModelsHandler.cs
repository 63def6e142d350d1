using System.Text.Json.Nodes;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>Lists the aliases that the tenant may use. All other models are used by their address.</summary>
internal sealed class ListModelsHandler(string path, ModelNames names, MethodRpcs rpcs) : IRequestHandler
{
    public RequestRoute Route { get; } = new(path, null, rpcs.Access);

    public Task ServeAsync(IncomingCall incoming)
    {
        var models = names.AliasesOf(incoming.Tenant).Select(
            alias => ModelDescription.Of(alias.Alias, alias.Model, DateTimeOffset.UnixEpoch));
        return JsonAnswer.WriteAsync(incoming.Http, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. models]) });
    }
}
