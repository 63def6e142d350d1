using Clarifai.Api;
using Gateway.Sandbox.Models;

namespace Gateway.Sandbox.Service;

/// <summary>The RPCs that tell about models and what they can answer.</summary>
internal sealed class ModelRpcs(SandboxCatalog catalog, ResourceMessages messages)
{
    public SingleModelResponse Get(GetModelRequest request) =>
        Find(request.ModelId, request.VersionId, out var model) is { } failure
            ? new SingleModelResponse { Status = ApiStatus.Of(failure) }
            : new SingleModelResponse
            {
                Status = ApiStatus.Ok(),
                Model = messages.DetailedModel(model, ResourceOwner.Of(request.UserAppId)),
            };

    public MultiModelResponse List(ListModelsRequest request)
    {
        var models = catalog.Models.Where(model =>
            IsType(model, request.ModelTypeId)
            && NameFilter.Matches(request.Name, model.Card.Id, model.Card.Name)
            && NameFilter.Contains(request.Query, model.Card.Id, model.Card.Name, model.Card.Description)
            && NameFilter.Contains(request.Search, model.Card.Id, model.Card.Name, model.Card.Description));
        if (request.SortByCase == ListModelsRequest.SortByOneofCase.SortByName)
        {
            models = SortByName(models, request.SortAscending);
        }

        return Page(models, request.Page, request.PerPage, request.UserAppId);
    }

    public MultiModelResponse Search(PostModelsSearchesRequest request)
    {
        var query = request.ModelQuery ?? new ModelQuery();
        var models = catalog.Models.Where(
            model => IsType(model, query.ModelTypeId) && NameFilter.Matches(query.Name, model.Card.Id, model.Card.Name));
        return Page(models, request.Pagination?.Page ?? 0, request.Pagination?.PerPage ?? 0, request.UserAppId);
    }

    public SingleModelVersionResponse GetVersion(GetModelVersionRequest request) =>
        Find(request.ModelId, request.VersionId, out var model) is { } failure
            ? new SingleModelVersionResponse { Status = ApiStatus.Of(failure) }
            : new SingleModelVersionResponse
            {
                Status = ApiStatus.Ok(),
                ModelVersion = messages.Version(model, ResourceOwner.Of(request.UserAppId)),
            };

    public MultiModelVersionResponse ListVersions(ListModelVersionsRequest request)
    {
        if (Find(request.ModelId, "", out var model) is { } failure)
        {
            return new MultiModelVersionResponse { Status = ApiStatus.Of(failure) };
        }

        var versions = new[] { messages.Version(model, ResourceOwner.Of(request.UserAppId)) };
        return new MultiModelVersionResponse { Status = ApiStatus.Ok(), ModelVersions = { versions.Page(request.Page, request.PerPage) } };
    }

    public MultiConceptResponse ListConcepts(ListConceptsRequest request)
    {
        var owner = ResourceOwner.Of(request.UserAppId);
        var names = catalog.Models.SelectMany(model => model.Card.Concepts).Distinct().Where(name => NameFilter.Matches(request.Id, name));
        return new MultiConceptResponse
        {
            Status = ApiStatus.Ok(),
            Concepts = { names.Page(request.Page, request.PerPage).Select(name => messages.Concept(name, owner)) },
        };
    }

    private Failure? Find(string id, string versionId, out SandboxModel model)
    {
        model = catalog.FindModel(id)!;
        return model is null ? Resources.NoModel(id) : Resources.CheckVersion(model, versionId);
    }

    private MultiModelResponse Page(IEnumerable<SandboxModel> models, uint page, uint perPage, UserAppIDSet? ids)
    {
        var owner = ResourceOwner.Of(ids);
        return new MultiModelResponse
        {
            Status = ApiStatus.Ok(),
            Models = { models.Page(page, perPage).Select(model => messages.Model(model, owner)) },
        };
    }

    private static bool IsType(SandboxModel model, string typeId) => typeId.Length == 0 || model.Card.TypeId == typeId;

    private static IEnumerable<SandboxModel> SortByName(IEnumerable<SandboxModel> models, bool ascending) =>
        ascending
            ? models.OrderBy(model => model.Card.Name, StringComparer.Ordinal)
            : models.OrderByDescending(model => model.Card.Name, StringComparer.Ordinal);
}
