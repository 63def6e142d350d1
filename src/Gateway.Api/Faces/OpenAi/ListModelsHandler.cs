using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Core.Methods;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>Lists the models that the tenant may use: the aliases first, then those of the upstream, by their addresses.</summary>
internal sealed class ListModelsHandler(
    string path, ModelNames names, ServedModels served, MethodRpcs rpcs, IOptions<GatewayOptions> options) : IRequestHandler
{
    private readonly bool _listsUpstream = options.Value.OpenAi.ListModels;

    public RequestRoute Route { get; } = new(path, null, rpcs.Access);

    public async Task ServeAsync(IncomingCall incoming)
    {
        var aliases = names.AliasesOf(incoming.Tenant).Select(
            alias => ModelDescription.Of(alias.Alias, alias.Model, DateTimeOffset.UnixEpoch)).ToList();
        var (models, error) = _listsUpstream ? await served.FindAsync(incoming) : ([], null);

        // An alias stands in the configuration, whatever a key may list.
        if (error is not null && aliases.Count == 0)
        {
            await ErrorWriter.WriteAsync(incoming.Http, error);
            return;
        }

        var upstream = models
            .Where(model => rpcs.Access.Check(incoming.Tenant, model.Address.ToNames()) is null)
            .Select(model => ModelDescription.Of(NameOf(model.Address, incoming), model.Address, model.Created));
        await JsonAnswer.WriteAsync(
            incoming.Http, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. aliases, .. upstream]) });
    }

    // The id alone where it means this model.
    private string NameOf(ModelAddress model, IncomingCall incoming) =>
        names.Find(model.ModelId, incoming.Tenant, out var named) is null && named == model ? model.ModelId : model.ToString();
}
