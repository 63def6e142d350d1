using System.Reflection;
using Clarifai.Api;
using Gateway.Protos;
using Grpc.Core;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Sandbox.Service;

/// <summary>
/// The part of <c>clarifai.api.V2</c> that the sandbox answers: which RPC is whose. What all of them share is in
/// <see cref="AnswerInterceptor"/>.
/// </summary>
internal sealed class SandboxService(InferenceRpcs inference, ModelRpcs models, WorkflowRpcs workflows, AccountRpcs account) : V2.V2Base
{
    // The RPCs are the methods that are overridden here.
    private static readonly string[] Paths =
    [
        .. typeof(SandboxService)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(method => $"/{ApiDescriptors.Service.FullName}/{method.Name}"),
    ];

    public override Task<MultiOutputResponse> PostModelOutputs(PostModelOutputsRequest request, ServerCallContext context) =>
        inference.PostAsync(request, context.CancellationToken);

    public override Task GenerateModelOutputs(
        PostModelOutputsRequest request, IServerStreamWriter<MultiOutputResponse> responses, ServerCallContext context) =>
        WriteAllAsync(inference.GenerateAsync(request, context.CancellationToken), responses);

    public override Task StreamModelOutputs(
        IAsyncStreamReader<PostModelOutputsRequest> requests,
        IServerStreamWriter<MultiOutputResponse> responses,
        ServerCallContext context) =>
        WriteAllAsync(inference.StreamAsync(requests.ReadAllAsync(context.CancellationToken), context.CancellationToken), responses);

    public override Task<SingleModelResponse> GetModel(GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(models.Get(request));

    public override Task<SingleModelResponse> GetModelOutputInfo(GetModelRequest request, ServerCallContext context) =>
        Task.FromResult(models.Get(request));

    public override Task<MultiModelResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(models.List(request));

    public override Task<MultiModelResponse> PostModelsSearches(PostModelsSearchesRequest request, ServerCallContext context) =>
        Task.FromResult(models.Search(request));

    public override Task<SingleModelVersionResponse> GetModelVersion(GetModelVersionRequest request, ServerCallContext context) =>
        Task.FromResult(models.GetVersion(request));

    public override Task<MultiModelVersionResponse> ListModelVersions(ListModelVersionsRequest request, ServerCallContext context) =>
        Task.FromResult(models.ListVersions(request));

    public override Task<MultiConceptResponse> ListConcepts(ListConceptsRequest request, ServerCallContext context) =>
        Task.FromResult(models.ListConcepts(request));

    public override Task<PostWorkflowResultsResponse> PostWorkflowResults(PostWorkflowResultsRequest request, ServerCallContext context) =>
        workflows.PostAsync(request, context.CancellationToken);

    public override Task<SingleWorkflowResponse> GetWorkflow(GetWorkflowRequest request, ServerCallContext context) =>
        Task.FromResult(workflows.Get(request));

    public override Task<MultiWorkflowResponse> ListWorkflows(ListWorkflowsRequest request, ServerCallContext context) =>
        Task.FromResult(workflows.List(request));

    public override Task<SingleWorkflowVersionResponse> GetWorkflowVersion(GetWorkflowVersionRequest request, ServerCallContext context) =>
        Task.FromResult(workflows.GetVersion(request));

    public override Task<MultiWorkflowVersionResponse> ListWorkflowVersions(
        ListWorkflowVersionsRequest request, ServerCallContext context) =>
        Task.FromResult(workflows.ListVersions(request));

    public override Task<SingleUserResponse> GetUser(GetUserRequest request, ServerCallContext context) =>
        Task.FromResult(AccountRpcs.GetUser(request));

    public override Task<MultiAppResponse> ListApps(ListAppsRequest request, ServerCallContext context) =>
        Task.FromResult(account.ListApps(request));

    public override Task<MultiScopeResponse> MyScopes(MyScopesRequest request, ServerCallContext context) =>
        Task.FromResult(AccountRpcs.ScopesFor(Paths));

    public override Task<MultiStatusCodeResponse> ListStatusCodes(ListStatusCodesRequest request, ServerCallContext context) =>
        Task.FromResult(StatusCodeRpcs.List());

    public override Task<SingleStatusCodeResponse> GetStatusCode(GetStatusCodeRequest request, ServerCallContext context) =>
        Task.FromResult(StatusCodeRpcs.Get(request.StatusCodeId));

    private static async Task WriteAllAsync(
        IAsyncEnumerable<MultiOutputResponse> answers, IServerStreamWriter<MultiOutputResponse> responses)
    {
        await foreach (var answer in answers)
        {
            await responses.WriteAsync(answer);
        }
    }
}
