using System.Collections.Frozen;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Models;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>What the names of models stand for: the aliases of the configuration first, then addresses.</summary>
/// <param name="options">The configuration.</param>
/// <param name="rpcs">Know who may run a model.</param>
internal sealed class ModelNames(IOptions<GatewayOptions> options, MethodRpcs rpcs)
{
    private readonly FrozenDictionary<string, ModelAddress> _aliases = options.Value.OpenAi.Aliases.ToFrozenDictionary(
        alias => alias.Key, alias => AddressOf(alias.Value));

    /// <summary>The model that a tenant means by a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="tenant">Who calls.</param>
    /// <param name="model">The model's address.</param>
    /// <returns>Why it means none, or one that the tenant may not use; null when it does.</returns>
    public ApiError? Find(string name, Tenant tenant, out ModelAddress model)
    {
        if (!_aliases.TryGetValue(name, out model) && !ModelAddress.TryParse(name, out model))
        {
            return OpenAiErrors.NoModel;
        }

        model = model.In(tenant);
        return Check(tenant, model) is { } refusal ? refusal with { Parameter = "model" } : null;
    }

    /// <summary>The aliases that a tenant may use, in order, with what they stand for.</summary>
    public IEnumerable<(string Alias, ModelAddress Model)> AliasesOf(Tenant tenant) =>
        from alias in _aliases
        let model = alias.Value.In(tenant)
        where Check(tenant, model) is null
        orderby alias.Key
        select (alias.Key, model);

    private ApiError? Check(Tenant tenant, ModelAddress model) => rpcs.Access.Check(tenant, model.ToNames());

    private static ModelAddress AddressOf(string text) =>
        ModelAddress.TryParse(text, out var address) ? address : throw new ArgumentException("Validated at start.", nameof(text));
}
