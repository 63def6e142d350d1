using Clarifai.Api;
using Clarifai.Api.Status;

namespace Gateway.Sandbox.Tests.Service;

public class InferenceTests
{
    [Fact]
    public async Task PostModelOutputs_SamplePng_ConceptsAreSortedAndMeasured()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageBytes(Samples.Read("boats.png"))));

        Assert.Equal(StatusCode.Success, response.Status.Code);
        Assert.Equal("Ok", response.Status.Description);
        var concepts = response.Outputs[0].Data.Concepts;
        Assert.Equal(["png", "medium", "landscape"], concepts.Take(3).Select(concept => concept.Name));
        Assert.All(concepts.Take(3), concept => Assert.Equal(1, concept.Value));
        Assert.Equal(concepts.OrderByDescending(concept => concept.Value), concepts);
        Assert.InRange(concepts.Single(concept => concept.Name == "bright").Value, 0.7f, 0.9f);
        Assert.Contains(concepts, concept => concept.Name == "red");
        Assert.Equal(response.Outputs[0].Data.Colors.Select(color => color.W3C.Name).First(), response.Outputs[0].Data.Colors.MaxBy(color => color.Value)!.W3C.Name);
    }

    [Fact]
    public async Task PostModelOutputs_SampleJpeg_AnswersWhatItShows()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageBytes(Samples.Read("lighthouse.jpg"))));

        var concepts = response.Outputs[0].Data.Concepts.Select(concept => concept.Name).ToList();
        Assert.Equal(["jpeg", "medium", "portrait"], concepts[..3]);
        Assert.Contains("blue", concepts);
        Assert.Contains("blue", response.Outputs[0].Data.Colors.Select(color => color.W3C.Name));
    }

    [Fact]
    public async Task PostModelOutputs_OneOfTwoInputsBroken_IsMixed()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageBytes(Samples.Read("boats.png")), Requests.ImageBytes([1, 2, 3])));

        Assert.Equal(StatusCode.MixedStatus, response.Status.Code);
        Assert.Equal([StatusCode.Success, StatusCode.MpImageDecodeError], response.Outputs.Select(output => output.Status.Code));
        Assert.Null(response.Outputs[1].Data);
        Assert.Equal("the bytes are not a PNG, JPEG, GIF, BMP or WebP image, or its header is damaged", response.Outputs[1].Status.Details);
    }

    // More than Kestrel takes by itself.
    [Fact]
    public async Task PostModelOutputs_FortyMegabytes_AreAnswered()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageBytes(new byte[40_000_000])));

        Assert.Contains("40000000 bytes", response.Outputs[0].Status.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostModelOutputs_EveryInputBroken_IsFailure()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.Text("not an image"), Requests.ImageBytes([1, 2, 3])));

        Assert.Equal(StatusCode.Failure, response.Status.Code);
        Assert.Equal([StatusCode.InputUnsupportedFormat, StatusCode.MpImageDecodeError], response.Outputs.Select(output => output.Status.Code));
    }

    [Fact]
    public async Task PostModelOutputs_Output_TellsModelVersionAndInputButNotItsBytes()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = Requests.Of("image-classifier", Requests.ImageBytes(Samples.Read("boats.png")));
        request.Inputs[0].Id = "my-input";
        request.UserAppId = new UserAppIDSet { UserId = "ada", AppId = "engines" };

        var output = (await sandbox.PredictAsync(request)).Outputs[0];

        Assert.Equal(("image-classifier", "ada", "engines"), (output.Model.Id, output.Model.UserId, output.Model.AppId));
        Assert.Equal(32, output.Model.ModelVersion.Id.Length);
        Assert.Equal("my-input", output.Input.Id);
        Assert.True(output.Input.Data.Image.Base64.IsEmpty);
        Assert.NotNull(output.CreatedAt);
        Assert.NotEmpty(output.Id);
    }

    [Fact]
    public async Task PostModelOutputs_ConceptSelection_IsHonoured()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = Requests.Of("image-classifier", Requests.ImageBytes(Samples.Read("boats.png")));
        request.Model = new Model { OutputInfo = new OutputInfo { OutputConfig = new OutputConfig { MaxConcepts = 2, MinValue = 0.5f } } };
        var two = (await sandbox.PredictAsync(request)).Outputs[0].Data.Concepts;

        request.Model.OutputInfo.OutputConfig = new OutputConfig { SelectConcepts = { new Concept { Name = "dark" } } };
        var dark = (await sandbox.PredictAsync(request)).Outputs[0].Data.Concepts;

        Assert.Equal(["png", "medium"], two.Select(concept => concept.Name));
        Assert.Equal(["dark"], dark.Select(concept => concept.Name));
    }

    [Theory]
    [InlineData("nothing-like-this", "", StatusCode.ModelDoesNotExist, "the sandbox has no model nothing-like-this")]
    [InlineData("", "", StatusCode.ModelDoesNotExist, "model_id is missing")]
    [InlineData("text-sentiment", "abc", StatusCode.ModelDoesNotExist, "the model text-sentiment has no version abc")]
    public async Task PostModelOutputs_UnknownModel_SaysWhich(string modelId, string versionId, StatusCode code, string details)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = Requests.Of(modelId, Requests.Text("hello"));
        request.VersionId = versionId;

        var response = await sandbox.PredictAsync(request);

        Assert.Equal((code, details), (response.Status.Code, response.Status.Details));
        Assert.Equal("Model does not exist", response.Status.Description);
        Assert.Empty(response.Outputs);
    }

    [Theory]
    [InlineData(0, StatusCode.ConnInvalidRequest)]
    [InlineData(1, StatusCode.Success)]
    [InlineData(128, StatusCode.Success)]
    [InlineData(129, StatusCode.ConnInvalidRequest)]
    public async Task PostModelOutputs_NumberOfInputs_IsLimited(int inputs, StatusCode expected)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = Requests.Of("text-sentiment", [.. Enumerable.Range(0, inputs).Select(_ => Requests.Text("fine"))]);

        Assert.Equal(expected, (await sandbox.PredictAsync(request)).Status.Code);
    }

    [Fact]
    public async Task RequestId_FromMetadata_ComesBack()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<MultiModelResponse>("ListModels", new ListModelsRequest(), new Metadata { { "x-request-id", "abc-123" } });

        Assert.Equal("abc-123", response.Status.ReqId);
    }

    [Fact]
    public async Task RequestId_Absent_IsMade()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var first = await sandbox.CallAsync<MultiModelResponse>("ListModels", new ListModelsRequest());
        var second = await sandbox.CallAsync<MultiModelResponse>("ListModels", new ListModelsRequest());

        Assert.NotEmpty(first.Status.ReqId);
        Assert.NotEqual(first.Status.ReqId, second.Status.ReqId);
    }

    [Theory]
    [InlineData("Key right", true)]
    [InlineData("Bearer right", true)]
    [InlineData("key right", true)]
    [InlineData("Key wrong", false)]
    [InlineData("right", false)]
    [InlineData("Basic right", false)]
    [InlineData(null, false)]
    public async Task Keys_Configured_OnlyTheyPass(string? authorization, bool passes)
    {
        await using var sandbox = await SandboxClient.StartAsync(new SandboxOptions { Keys = ["other", "right"] });
        var headers = authorization is null ? null : new Metadata { { "authorization", authorization } };

        var response = await sandbox.CallAsync<MultiModelResponse>("ListModels", new ListModelsRequest(), headers);

        Assert.Equal(passes ? StatusCode.Success : StatusCode.ConnKeyNotFound, response.Status.Code);
        Assert.Equal(passes, response.Models.Count > 0);
        Assert.DoesNotContain("right", response.Status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownRpc_IsUnimplementedAndNamed()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var result = await sandbox.Channel.UnaryAsync(SandboxClient.PathOf("DeleteModels"), []);

        Assert.Equal(GrpcStatusCode.Unimplemented, result.Status.StatusCode);
        Assert.Equal("the sandbox does not implement DeleteModels", result.Status.Detail);
    }

    [Fact]
    public async Task MalformedRequest_FailsAsTheServerHasIt()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var result = await sandbox.Channel.UnaryAsync(SandboxClient.PathOf("GetModel"), [0x0A, 0xFF]);

        Assert.Equal(GrpcStatusCode.Unknown, result.Status.StatusCode);
    }
}
