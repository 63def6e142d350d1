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
    public static CallNames ToNames(this ModelAddress model) => CallNames.Of(new ResourceId(model.UserId, model.AppId, model.ModelId), model.VersionId);

    /// <summary>A request to run the model, without inputs.</summary>
    public static PostModelOutputsRequest ToRequest(this ModelAddress model) => new()
    {
        UserAppId = model.UserId.Length + model.AppId.Length == 0 ? null : new UserAppIDSet { UserId = model.UserId, AppId = model.AppId },
        ModelId = model.ModelId,
        VersionId = model.VersionId,
    };
}
