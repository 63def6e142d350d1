using Clarifai.Api;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Faces.OpenAi.Adapted;
using Gateway.Api.Faces.OpenAi.Transport;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Telemetry;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Gateway.Core.Schema;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>
/// The models of the upstream that this face can serve: those of the tenant's app which have an OpenAI transport, or methods for chats or
/// embeddings. Kept as long as models' methods are, for each key apart, as what one may see is not for another. No model is run to find
/// out. Thread-safe.
/// </summary>
internal sealed class ServedModels : IDisposable
{
    // One page of the API's.
    private const int MaxModels = 100;

    // Of how many keys the models are kept.
    private const int MaxKeys = 1000;

    // An account has a limit of calls per second, which its predictions share.
    private const int ParallelCalls = 2;

    private readonly OutgoingCalls _calls;
    private readonly RpcAccess _list;
    private readonly RpcAccess _get;
    private readonly TimeSpan _lifetime;
    private readonly CacheTelemetry _telemetry;
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaxKeys });

    /// <summary>Knows none yet.</summary>
    public ServedModels(
        OutgoingCalls calls, ApiSchema schema, AccessControl access, IOptions<GatewayOptions> options, CacheTelemetry telemetry)
    {
        _calls = calls;
        _telemetry = telemetry;
        _list = access.To(schema.Rpc(nameof(V2.V2Base.ListModels)));
        _get = access.To(schema.Rpc(nameof(V2.V2Base.GetModel)));
        _lifetime = options.Value.Methods.SignatureLifetime;
    }

    /// <summary>Finds those that a tenant's key shows.</summary>
    /// <returns>The models, none for a tenant that may not list them; or why the upstream did not tell.</returns>
    public async ValueTask<(IReadOnlyList<ServedModel> Models, ApiError? Error)> FindAsync(IncomingCall incoming)
    {
        var tenant = incoming.Tenant;
        var key = (tenant.CredentialsId, tenant.UserId, tenant.AppId, tenant.Grants);
        var isThere = _cache.TryGetValue(key, out IReadOnlyList<ServedModel>? known);
        _telemetry.NoteRequest("models", isThere);
        if (isThere)
        {
            return (known!, null);
        }

        var (listed, error) = tenant.ListedModels is { } own ? (Named(own), null) : await ListAsync(incoming);
        if (error is not null)
        {
            return ([], error);
        }

        var models = await DescribeAsync([.. listed.Where(model => MayGet(tenant, model)).Take(MaxModels)], incoming);
        _cache.Set(key, models, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _lifetime });
        return (models, null);
    }

    public void Dispose() => _cache.Dispose();

    // A tenant that is limited to some models may not list any others; those the settings name.
    private static Model[] Named(IEnumerable<ResourceId> listed) =>
    [
        .. listed.OrderBy(model => model.Id, StringComparer.Ordinal)
            .Select(model => new Model { UserId = model.UserId, AppId = model.AppId, Id = model.Id }),
    ];

    private bool MayGet(Tenant tenant, Model model) =>
        _get.Check(tenant, CallNames.Of(new ResourceId(model.UserId, model.AppId, model.Id), "")) is null;

    private async Task<(Model[] Models, ApiError? Error)> ListAsync(IncomingCall incoming)
    {
        var tenant = incoming.Tenant;
        if (_list.Check(tenant, CallNames.Of(new ResourceId(tenant.UserId, tenant.AppId, ""), "")) is not null)
        {
            return ([], null);
        }

        var request = new ListModelsRequest { Page = 1, PerPage = MaxModels };
        if (tenant is { UserId.Length: > 0 } or { AppId.Length: > 0 })
        {
            request.UserAppId = new UserAppIDSet { UserId = tenant.UserId, AppId = tenant.AppId };
        }

        var (outcome, response) = await _calls.ClientFor(incoming).ListModelsAsync(request, _calls.Unary(incoming));
        return MethodErrors.FailureOf(outcome, response?.Status) is { } failure
            ? ([], failure)
            : ([.. response!.Models.Where(model => model.ModelVersion is { Id.Length: > 0 })], null);
    }

    private async Task<IReadOnlyList<ServedModel>> DescribeAsync(Model[] models, IncomingCall incoming)
    {
        var served = new ServedModel?[models.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, models.Length),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelCalls, CancellationToken = incoming.Http.RequestAborted },
            async (index, _) => served[index] = await DescribeAsync(models[index], incoming));
        return [.. served.OfType<ServedModel>()];
    }

    // A listing has models without their methods. One that cannot be asked for is left out.
    private async ValueTask<ServedModel?> DescribeAsync(Model model, IncomingCall incoming)
    {
        var version = model.ModelVersion is { MethodSignatures.Count: > 0 } told ? told : await FindVersionAsync(model, incoming);
        return version is not null && IsServed(new ModelMethods(version.Id, version.MethodSignatures))
            ? new ServedModel(
                new ModelAddress(model.UserId, model.AppId, model.Id, ""), model.CreatedAt?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch)
            : null;
    }

    private async Task<ModelVersion?> FindVersionAsync(Model model, IncomingCall incoming)
    {
        var client = _calls.ClientFor(incoming);
        var call = _calls.Unary(incoming);
        var owner = new UserAppIDSet { UserId = model.UserId, AppId = model.AppId };
        if (model.ModelVersion is not { } latest)
        {
            var whole = (await client.GetModelAsync(new GetModelRequest { UserAppId = owner, ModelId = model.Id }, call)).Message?.Model;
            model.CreatedAt = whole?.CreatedAt;
            return whole?.ModelVersion;
        }

        var request = new GetModelVersionRequest { UserAppId = owner, ModelId = model.Id, VersionId = latest.Id };
        return (await client.GetModelVersionAsync(request, call)).Message?.ModelVersion;
    }

    private static bool IsServed(ModelMethods methods) =>
        TransportRequest.Find(methods, streams: true) is not null
            || ChatMethod.Find(methods, streams: true) is not null
            || EmbeddingMethod.Find(methods) is not null;
}
