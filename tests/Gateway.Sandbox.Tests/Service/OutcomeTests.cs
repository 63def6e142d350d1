using Clarifai.Api;

namespace Gateway.Sandbox.Tests.Service;

/// <summary>What the statuses of answers say, and which concepts are in them, as Clarifai's own clients expect it.</summary>
public class OutcomeTests
{
    [Fact]
    public async Task Outcome_OfALoneDownloadThatFails_IsItsOwn()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageUrl("http://example.com/non-existing.jpg")));

        Assert.Equal((30002, "Input download failed"), ((int)response.Status.Code, response.Status.Description));
        Assert.Equal(30002, (int)response.Outputs[0].Status.Code);
        Assert.Equal(response.Outputs[0].Status.Details, response.Status.Details);
    }

    [Fact]
    public async Task Outcome_OfALoneDownloadThatFailsInAWorkflow_IsItsOwn()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = new PostWorkflowResultsRequest { WorkflowId = "detect-crop-classify", Inputs = { Requests.ImageUrl("http://example.com/non-existing.jpg") } };

        var response = await sandbox.CallAsync<PostWorkflowResultsResponse>("PostWorkflowResults", request);

        Assert.Equal((30002, 30002), ((int)response.Status.Code, (int)response.Results[0].Status.Code));
    }

    // A model's own failure is an output's, as the API's model servers tell it.
    [Fact]
    public async Task Outcome_OfALoneInputThatTheModelFailsOn_IsFailure()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageBytes([1, 2, 3])));

        Assert.Equal((10020, 47104), ((int)response.Status.Code, (int)response.Outputs[0].Status.Code));
    }

    [Fact]
    public async Task Outcome_OfSeveralThatFail_IsFailure()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageUrl("http://example.com/a.jpg"), Requests.Text("not an image")));

        Assert.Equal(10020, (int)response.Status.Code);
        Assert.Equal([30002, 30101], response.Outputs.Select(output => (int)output.Status.Code));
    }

    [Fact]
    public async Task Outcome_OfAnInputWithoutDataBesideAnother_IsMixed()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageBytes(Samples.Read("boats.png")), new Input()));

        Assert.Equal(10010, (int)response.Status.Code);
        Assert.Equal([10000, 30104], response.Outputs.Select(output => (int)output.Status.Code));
    }

    [Theory]
    [InlineData("image-classifier")]
    [InlineData("text-generator")]
    [InlineData("argument-echo")]
    public async Task Input_WithoutData_IsAnInvalidArgument(string model)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        foreach (var input in new[] { new Input { Id = "empty" }, new Input { Id = "empty", Data = new Data() } })
        {
            var unary = await sandbox.PredictAsync(Requests.Of(model, input));
            var stream = await sandbox.GenerateAllAsync(Requests.Of(model, input));

            Assert.Equal((30104, "the input holds no data", "empty"), ((int)unary.Outputs[0].Status.Code, unary.Outputs[0].Status.Details, unary.Outputs[0].Input.Id));
            Assert.Equal(30104, (int)Assert.Single(stream).Outputs[0].Status.Code);
        }
    }

    [Fact]
    public async Task Input_WithoutData_IsAnInvalidArgumentOfAWorkflow()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<PostWorkflowResultsResponse>("PostWorkflowResults", new PostWorkflowResultsRequest { WorkflowId = "text-insight", Inputs = { new Input() } });

        Assert.Equal(30104, (int)response.Results[0].Status.Code);
    }

    [Fact]
    public async Task Concepts_ChosenInTheModelsVersion_AreHonoured()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        Assert.Equal(["png", "medium"], await ConceptsAsync(sandbox, new OutputConfig { MaxConcepts = 2 }));
        Assert.Equal(["png", "medium", "landscape", "blue", "bright"], await ConceptsAsync(sandbox, new OutputConfig { MinValue = 0.7f }));
        Assert.Equal(["dark"], await ConceptsAsync(sandbox, new OutputConfig { SelectConcepts = { new Concept { Id = "dark" } } }));
        Assert.Equal(["medium"], await ConceptsAsync(sandbox, new OutputConfig { MaxConcepts = 1, SelectConcepts = { new Concept { Name = "medium" }, new Concept { Name = "dark" } } }));
    }

    [Fact]
    public async Task Concepts_ChosenInTheModelsVersionAndTheModel_AreTheVersions()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = Requests.Of("image-classifier", Requests.ImageBytes(Samples.Read("boats.png")));
        request.Model = new Model
        {
            OutputInfo = new OutputInfo { OutputConfig = new OutputConfig { MaxConcepts = 5 } },
            ModelVersion = new ModelVersion { OutputInfo = new OutputInfo { OutputConfig = new OutputConfig { MaxConcepts = 1 } } },
        };

        Assert.Equal("png", Assert.Single((await sandbox.PredictAsync(request)).Outputs[0].Data.Concepts).Name);
    }

    private static async Task<IEnumerable<string>> ConceptsAsync(SandboxClient sandbox, OutputConfig config)
    {
        var request = Requests.Of("image-classifier", Requests.ImageBytes(Samples.Read("boats.png")));
        request.Model = new Model { ModelVersion = new ModelVersion { OutputInfo = new OutputInfo { OutputConfig = config } } };
        return (await sandbox.PredictAsync(request)).Outputs[0].Data.Concepts.Select(concept => concept.Name);
    }
}
