using System.Text.Json.Nodes;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>Lists the aliases that the tenant may use. All other models are used by their address.</summary>
/// <param name="route">The path, for the log.</param>
/// <param name="names">What models are called.</param>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class ListModelsHandler(string route, ModelNames names, MethodServices methods) : RequestHandler(route, rpc: null, methods.Access, methods.Calls)
{
    /// <inheritdoc/>
    protected override Task ServeAsync(IncomingCall incoming)
    {
        var models = names.AliasesOf(incoming.Tenant).Select(alias => ModelDescription.Of(alias.Alias, alias.Model, DateTimeOffset.UnixEpoch));
        return JsonAnswer.WriteAsync(incoming.Http, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. models]) });
    }
}
