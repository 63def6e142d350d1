using Clarifai.Api;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;

namespace Gateway.Api.Models;

/// <summary>What a model's address means for a tenant.</summary>
internal static class ModelAddressing
{
    /// <summary>The address with the tenant's user and app, where it names neither.</summary>
    public static ModelAddress In(this ModelAddress model, Tenant tenant) =>
        model.UserId.Length + model.AppId.Length > 0 ? model : model with { UserId = tenant.UserId, AppId = tenant.AppId };

    /// <summary>What requests about the model name.</summary>
    /// <param name="model">The model.</param>
    /// <param name="runner">Where it is to run; null where that is not said.</param>
    public static CallNames ToNames(this ModelAddress model, RunnerSelector? runner = null)
    {
        var names = CallNames.Of(new ResourceId(model.UserId, model.AppId, model.ModelId), model.VersionId);
        names.NamesOther = names.NamesOpaque = runner is not null;
        return names;
    }

    /// <summary>A request to run the model where a client's request wants it, without inputs.</summary>
    public static PostModelOutputsRequest ToRequest(this ModelAddress model, HttpRequest request)
    {
        var head = model.ToRequest();
        head.RunnerSelector = RunnerChoice.In(request);
        return head;
    }

    /// <summary>A request to run the model, without inputs.</summary>
    public static PostModelOutputsRequest ToRequest(this ModelAddress model) => new()
    {
        UserAppId = model.UserId.Length + model.AppId.Length == 0 ? null : new UserAppIDSet { UserId = model.UserId, AppId = model.AppId },
        ModelId = model.ModelId,
        VersionId = model.VersionId,
    };
}
