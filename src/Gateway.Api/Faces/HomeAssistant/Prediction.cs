using Clarifai.Api;
using Gateway.Api.Tenancy;
using Google.Protobuf;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>What is asked: a workflow, on what a camera sees.</summary>
/// <param name="EntityId">The camera.</param>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="AppId">The app that has the workflow; empty for the tenant's own.</param>
/// <param name="UserId">The user or organisation that has the app; empty for the tenant's own.</param>
internal sealed record Prediction(string EntityId, string WorkflowId, string AppId, string UserId)
{
    /// <summary>The same with the tenant's user and app, where it names none.</summary>
    public Prediction In(Tenant tenant) => this with
    {
        AppId = AppId.Length > 0 ? AppId : tenant.AppId,
        UserId = UserId.Length > 0 ? UserId : tenant.UserId,
    };

    /// <summary>What the request names.</summary>
    public CallNames ToNames() => CallNames.Of(new ResourceId(UserId, AppId, WorkflowId), version: "");

    /// <summary>A request to run the workflow, without inputs.</summary>
    public PostWorkflowResultsRequest ToRequest() => new()
    {
        UserAppId = UserId.Length + AppId.Length == 0 ? null : new UserAppIDSet { UserId = UserId, AppId = AppId },
        WorkflowId = WorkflowId,
    };

    /// <summary>The input that an image is.</summary>
    /// <param name="image">The image; the input's from now on.</param>
    public static Input InputOf(byte[] image) =>
        new() { Data = new Data { Image = new Image { Base64 = UnsafeByteOperations.UnsafeWrap(image) } } };
}
