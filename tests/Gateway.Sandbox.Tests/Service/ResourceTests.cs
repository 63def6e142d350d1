using Clarifai.Api;
using Clarifai.Api.Status;

namespace Gateway.Sandbox.Tests.Service;

public class ResourceTests
{
    private static readonly string[] AllModels = ["image-classifier", "region-detector", "image-cropper", "text-sentiment", "text-embedder", "text-generator", "argument-echo", "image-painter", "tool-server"];

    [Fact]
    public async Task ListModels_NoFilter_HasAllUnderTheOwnerAskedFor()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<MultiModelResponse>("ListModels", new ListModelsRequest { UserAppId = new UserAppIDSet { UserId = "me", AppId = "mine" } });

        Assert.Equal(AllModels, response.Models.Select(model => model.Id));
        Assert.All(response.Models, model => Assert.Equal(("clarifai", "mine"), (model.UserId, model.AppId)));
        Assert.All(response.Models, model => Assert.Equal(StatusCode.ModelTrained, model.ModelVersion.Status.Code));
    }

    [Theory]
    [InlineData(1, 4, "image-classifier,region-detector,image-cropper,text-sentiment")]
    [InlineData(2, 4, "text-embedder,text-generator,argument-echo,image-painter")]
    [InlineData(3, 4, "tool-server")]
    [InlineData(4, 4, "")]
    [InlineData(uint.MaxValue, uint.MaxValue, "")]
    public async Task ListModels_Pages_AreCutFromOne(uint page, uint perPage, string expected)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<MultiModelResponse>("ListModels", new ListModelsRequest { Page = page, PerPage = perPage });

        Assert.Equal(expected, string.Join(',', response.Models.Select(model => model.Id)));
    }

    public static TheoryData<ListModelsRequest, string> Filters => new()
    {
        { new ListModelsRequest { ModelTypeId = "text-to-text" }, "text-generator" },
        { new ListModelsRequest { Name = "Text sentiment" }, "text-sentiment" },
        { new ListModelsRequest { Name = "text-*" }, "text-sentiment,text-embedder,text-generator" },
        { new ListModelsRequest { Query = "VECTOR" }, "text-embedder" },
        { new ListModelsRequest { Search = "boxes" }, "region-detector,image-cropper" },
        { new ListModelsRequest { Search = "no such words" }, "" },
        { new ListModelsRequest { ModelTypeId = "text-to-text", SortByName = true }, "text-generator" },
        { new ListModelsRequest { Name = "text-*", SortByName = true }, "text-sentiment,text-generator,text-embedder" },
        { new ListModelsRequest { Name = "text-*", SortByName = true, SortAscending = true }, "text-embedder,text-generator,text-sentiment" },
    };

    [Theory]
    [MemberData(nameof(Filters), DisableDiscoveryEnumeration = true)]
    public async Task ListModels_Filter_Selects(ListModelsRequest request, string expected)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<MultiModelResponse>("ListModels", request);

        Assert.Equal(expected, string.Join(',', response.Models.Select(model => model.Id)));
    }

    [Fact]
    public async Task PostModelsSearches_Name_Finds()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<MultiModelResponse>("PostModelsSearches", new PostModelsSearchesRequest { ModelQuery = new ModelQuery { Name = "image*", ModelTypeId = "visual-classifier" } });

        Assert.Equal("image-classifier", Assert.Single(response.Models).Id);
    }

    [Theory]
    [InlineData("GetModel")]
    [InlineData("GetModelOutputInfo")]
    public async Task GetModel_Known_HasConceptsAndSignatures(string rpc)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var model = (await sandbox.CallAsync<SingleModelResponse>(rpc, new GetModelRequest { ModelId = "text-sentiment" })).Model;

        Assert.Equal(["positive", "neutral", "negative"], model.OutputInfo.Data.Concepts.Select(concept => concept.Name));
        Assert.Equal(("clarifai", "main"), (model.UserId, model.AppId));
        Assert.Equal("predict", Assert.Single(model.ModelVersion.MethodSignatures).Name);
    }

    [Fact]
    public async Task GetModelVersion_OfAListedModel_TellsItsMethods()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var listed = await sandbox.CallAsync<MultiModelVersionResponse>("ListModelVersions", new ListModelVersionsRequest { ModelId = "text-generator" });
        var id = Assert.Single(listed.ModelVersions).Id;

        var version = (await sandbox.CallAsync<SingleModelVersionResponse>("GetModelVersion", new GetModelVersionRequest { ModelId = "text-generator", VersionId = id })).ModelVersion;

        Assert.Equal(["predict", "generate", "chat", "stream", "openai_transport", "openai_stream_transport"], version.MethodSignatures.Select(signature => signature.Name));
        Assert.Equal(
            [RunnerMethodType.UnaryUnary, RunnerMethodType.UnaryStreaming, RunnerMethodType.UnaryStreaming, RunnerMethodType.StreamingStreaming, RunnerMethodType.UnaryUnary, RunnerMethodType.UnaryStreaming],
            version.MethodSignatures.Select(signature => signature.MethodType));
    }

    [Fact]
    public async Task Models_Unknown_AreNotThere()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var model = await sandbox.CallAsync<SingleModelResponse>("GetModel", new GetModelRequest { ModelId = "none" });
        var version = await sandbox.CallAsync<SingleModelVersionResponse>("GetModelVersion", new GetModelVersionRequest { ModelId = "text-embedder", VersionId = "none" });
        var versions = await sandbox.CallAsync<MultiModelVersionResponse>("ListModelVersions", new ListModelVersionsRequest { ModelId = "none" });

        Assert.All([model.Status, version.Status, versions.Status], status => Assert.Equal(StatusCode.ModelDoesNotExist, status.Code));
        Assert.Null(model.Model);
        Assert.Null(version.ModelVersion);
    }

    [Fact]
    public async Task Workflows_ListedAndGot_AreTheSame()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var listed = await sandbox.CallAsync<MultiWorkflowResponse>("ListWorkflows", new ListWorkflowsRequest { Search = "image" });
        var got = await sandbox.CallAsync<SingleWorkflowResponse>("GetWorkflow", new GetWorkflowRequest { WorkflowId = "detect-crop-classify" });
        var versions = await sandbox.CallAsync<MultiWorkflowVersionResponse>("ListWorkflowVersions", new ListWorkflowVersionsRequest { WorkflowId = "detect-crop-classify" });
        var version = await sandbox.CallAsync<SingleWorkflowVersionResponse>("GetWorkflowVersion", new GetWorkflowVersionRequest { WorkflowId = "detect-crop-classify", WorkflowVersionId = got.Workflow.Version.Id });

        Assert.Equal(Assert.Single(listed.Workflows), got.Workflow);
        Assert.Equal(["crop"], got.Workflow.Nodes[2].NodeInputs.Select(input => input.NodeId));
        Assert.Equal(got.Workflow.Version, version.WorkflowVersion);
        Assert.Equal(got.Workflow.Version, Assert.Single(versions.WorkflowVersions));
    }

    [Fact]
    public async Task Workflows_Unknown_AreNotThere()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var got = await sandbox.CallAsync<SingleWorkflowResponse>("GetWorkflow", new GetWorkflowRequest { WorkflowId = "none" });
        var version = await sandbox.CallAsync<SingleWorkflowVersionResponse>("GetWorkflowVersion", new GetWorkflowVersionRequest { WorkflowId = "text-insight", WorkflowVersionId = "none" });

        Assert.All([got.Status, version.Status], status => Assert.Equal(StatusCode.WorkflowDoesNotExist, status.Code));
    }

    [Fact]
    public async Task Account_Asked_IsTheCaller()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var user = await sandbox.CallAsync<SingleUserResponse>("GetUser", new GetUserRequest { UserAppId = new UserAppIDSet { UserId = "me" } });
        var scopes = await sandbox.CallAsync<MultiScopeResponse>("MyScopes", new MyScopesRequest());

        Assert.Equal("clarifai", user.User.Id);
        Assert.Contains("/clarifai.api.V2/PostModelOutputs", scopes.Endpoints);
    }
}
