using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Fetching;
using Gateway.Sandbox.Models;
using Gateway.Sandbox.Workflows;

namespace Gateway.Sandbox.Service;

/// <summary>The RPCs that tell about workflows and run them.</summary>
internal sealed class WorkflowRpcs(SandboxCatalog catalog, ImageFetcher fetcher, ResourceMessages resources, OutputMessages messages)
{
    private const int MaxInputs = 32;

    public async Task<PostWorkflowResultsResponse> PostAsync(PostWorkflowResultsRequest request, CancellationToken cancellationToken)
    {
        if (Check(request, out var workflow) is { } refusal)
        {
            return new PostWorkflowResultsResponse { Status = ApiStatus.Of(refusal) };
        }

        var owner = ResourceOwner.Of(request.UserAppId);
        var response = new PostWorkflowResultsResponse { Workflow = resources.Workflow(workflow, owner) };
        foreach (var input in request.Inputs)
        {
            response.Results.Add(await RunAsync(workflow, input, request.OutputConfig, owner, cancellationToken));
        }

        response.Status = ApiStatus.Over([.. response.Results.Select(result => result.Status)]);
        return response;
    }

    private async Task<WorkflowResult> RunAsync(
        SandboxWorkflow workflow, Input input, OutputConfig? config, ResourceOwner owner, CancellationToken cancellationToken)
    {
        var data = input.Data ?? new Data();
        if (await PlainInput.PrepareAsync(data, fetcher, cancellationToken) is { } failure)
        {
            return messages.Result(input, [], ApiStatus.Of(failure));
        }

        var outputs = new List<Output>();
        foreach (var (node, prediction) in WorkflowRunner.Run(workflow, data))
        {
            ConceptSelection.Apply(config, prediction.Data);
            outputs.Add(messages.Output(prediction, node.Model, owner, input));
        }

        // A node that fails is the last to have run, and its failure is the result's.
        return messages.Result(input, outputs, outputs[^1].Status.Clone());
    }

    public SingleWorkflowResponse Get(GetWorkflowRequest request) =>
        catalog.FindWorkflow(request.WorkflowId) is { } workflow
            ? new SingleWorkflowResponse
            {
                Status = ApiStatus.Ok(),
                Workflow = resources.Workflow(workflow, ResourceOwner.Of(request.UserAppId)),
            }
            : new SingleWorkflowResponse { Status = ApiStatus.Of(Resources.NoWorkflow(request.WorkflowId)) };

    public MultiWorkflowResponse List(ListWorkflowsRequest request)
    {
        var owner = ResourceOwner.Of(request.UserAppId);
        var workflows = catalog.Workflows
            .Where(workflow =>
                NameFilter.Matches(request.Id, workflow.Id)
                && NameFilter.Contains(request.Query, workflow.Id, workflow.Description)
                && NameFilter.Contains(request.Search, workflow.Id, workflow.Description))
            .Page(request.Page, request.PerPage);
        return new MultiWorkflowResponse
        {
            Status = ApiStatus.Ok(),
            Workflows = { workflows.Select(workflow => resources.Workflow(workflow, owner)) },
        };
    }

    public SingleWorkflowVersionResponse GetVersion(GetWorkflowVersionRequest request) =>
        Find(request.WorkflowId, request.WorkflowVersionId, out var workflow) is { } failure
            ? new SingleWorkflowVersionResponse { Status = ApiStatus.Of(failure) }
            : new SingleWorkflowVersionResponse
            {
                Status = ApiStatus.Ok(),
                WorkflowVersion = resources.WorkflowVersion(workflow, ResourceOwner.Of(request.UserAppId)),
            };

    public MultiWorkflowVersionResponse ListVersions(ListWorkflowVersionsRequest request)
    {
        if (Find(request.WorkflowId, "", out var workflow) is { } failure)
        {
            return new MultiWorkflowVersionResponse { Status = ApiStatus.Of(failure) };
        }

        var versions = new[] { resources.WorkflowVersion(workflow, ResourceOwner.Of(request.UserAppId)) };
        return new MultiWorkflowVersionResponse
        {
            Status = ApiStatus.Ok(),
            WorkflowVersions = { versions.Page(request.Page, request.PerPage) },
        };
    }

    private Failure? Check(PostWorkflowResultsRequest request, out SandboxWorkflow workflow)
    {
        if (Find(request.WorkflowId, request.VersionId, out workflow) is { } failure)
        {
            return failure;
        }

        if (request.Inputs.Count == 0)
        {
            return new Failure(StatusCode.ConnInvalidRequest, "inputs: at least one input was expected");
        }

        return request.Inputs.Count <= MaxInputs
            ? null
            : new Failure(StatusCode.ConnInvalidRequest, $"inputs: {request.Inputs.Count} inputs are more than the limit of {MaxInputs}");
    }

    private Failure? Find(string id, string versionId, out SandboxWorkflow workflow)
    {
        workflow = catalog.FindWorkflow(id)!;
        return workflow is null ? Resources.NoWorkflow(id) : Resources.CheckVersion(workflow, versionId);
    }
}
