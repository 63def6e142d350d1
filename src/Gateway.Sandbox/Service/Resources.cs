using Clarifai.Api.Status;
using Gateway.Sandbox.Models;
using Gateway.Sandbox.Workflows;

namespace Gateway.Sandbox.Service;

/// <summary>What is said of models and workflows that are not there.</summary>
internal static class Resources
{
    public static Failure NoModel(string id) =>
        new(StatusCode.ModelDoesNotExist, id.Length == 0 ? "model_id is missing" : $"the sandbox has no model {id}");

    public static Failure NoWorkflow(string id) =>
        new(StatusCode.WorkflowDoesNotExist, id.Length == 0 ? "workflow_id is missing" : $"the sandbox has no workflow {id}");

    /// <summary>No version asked for means the latest, which is the only one.</summary>
    public static Failure? CheckVersion(SandboxModel model, string versionId) =>
        versionId.Length == 0 || versionId == model.Card.VersionId
            ? null
            : new Failure(StatusCode.ModelDoesNotExist, $"the model {model.Card.Id} has no version {versionId}");

    public static Failure? CheckVersion(SandboxWorkflow workflow, string versionId) =>
        versionId.Length == 0 || versionId == workflow.VersionId
            ? null
            : new Failure(StatusCode.WorkflowDoesNotExist, $"the workflow {workflow.Id} has no version {versionId}");
}
