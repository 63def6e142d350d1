using System.Buffers.Binary;
using Clarifai.Api;
using Clarifai.Api.Status;

namespace Gateway.Sandbox.Tests.Service;

public class WorkflowTests
{
    [Fact]
    public async Task PostWorkflowResults_SamplePng_DetectsCropsAndClassifiesInOrder()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await RunAsync(sandbox, "detect-crop-classify", Requests.ImageBytes(Samples.Read("boats.png")));

        Assert.Equal(StatusCode.Success, response.Status.Code);
        Assert.Equal(["detect", "crop", "classify"], response.Workflow.Nodes.Select(node => node.Id));
        var outputs = Assert.Single(response.Results).Outputs;
        Assert.Equal(["region-detector", "image-cropper", "image-classifier"], outputs.Select(output => output.Model.Id));
        Assert.All(outputs, output => Assert.Equal(4, output.Data.Regions.Count));
        Assert.All(outputs, output => Assert.Equal(["1", "2", "3", "4"], output.Data.Regions.Select(region => region.Id)));

        // By size: the red boat, the green one, the sun, and the blue boat. The sea around them is blue as well.
        var colors = outputs[2].Data.Regions.Select(region => region.Data.Concepts.FirstOrDefault(concept => concept.Name is "red" or "green" or "orange")?.Name);
        Assert.Equal(["red", "green", "orange", null], colors);
    }

    [Fact]
    public async Task PostWorkflowResults_Crops_HaveTheSizeOfTheirBoxes()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await RunAsync(sandbox, "detect-crop-classify", Requests.ImageBytes(Samples.Read("boats.png")));

        foreach (var region in response.Results[0].Outputs[1].Data.Regions)
        {
            var box = region.RegionInfo.BoundingBox;
            var png = region.Data.Image.Base64.Span;
            Assert.Equal(640 * (box.RightCol - box.LeftCol), BinaryPrimitives.ReadInt32BigEndian(png[16..]), 0.01);
            Assert.Equal(480 * (box.BottomRow - box.TopRow), BinaryPrimitives.ReadInt32BigEndian(png[20..]), 0.01);
        }
    }

    [Fact]
    public async Task PostWorkflowResults_NodeFails_ResultHasItsStatusAndOthersSucceed()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await RunAsync(sandbox, "detect-crop-classify", Requests.ImageBytes([1, 2, 3]), Requests.ImageBytes(Samples.Read("boats.png")));

        Assert.Equal(StatusCode.MixedStatus, response.Status.Code);
        Assert.Equal([StatusCode.MpImageDecodeError, StatusCode.Success], response.Results.Select(result => result.Status.Code));
        Assert.Equal("region-detector", Assert.Single(response.Results[0].Outputs).Model.Id);
    }

    [Fact]
    public async Task PostWorkflowResults_TextInsight_RunsBothOnTheInput()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var outputs = (await RunAsync(sandbox, "text-insight", Requests.Text("a perfect day"))).Results[0].Outputs;

        Assert.Equal("positive", outputs[0].Data.Concepts[0].Name);
        Assert.Equal(256, outputs[1].Data.Embeddings[0].Vector.Count);
    }

    [Fact]
    public async Task PostWorkflowResults_OutputConfig_LimitsConcepts()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = new PostWorkflowResultsRequest { WorkflowId = "text-insight", Inputs = { Requests.Text("fine") }, OutputConfig = new OutputConfig { MaxConcepts = 1 } };

        var response = await sandbox.CallAsync<PostWorkflowResultsResponse>("PostWorkflowResults", request);

        Assert.Single(response.Results[0].Outputs[0].Data.Concepts);
    }

    [Theory]
    [InlineData("none", "", 1, StatusCode.WorkflowDoesNotExist, "the sandbox has no workflow none")]
    [InlineData("text-insight", "old", 1, StatusCode.WorkflowDoesNotExist, "the workflow text-insight has no version old")]
    [InlineData("text-insight", "", 0, StatusCode.ConnInvalidRequest, "inputs: at least one input was expected")]
    [InlineData("text-insight", "", 33, StatusCode.ConnInvalidRequest, "inputs: 33 inputs are more than the limit of 32")]
    public async Task PostWorkflowResults_RequestOutOfBounds_SaysWhy(string id, string version, int inputs, StatusCode code, string details)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = new PostWorkflowResultsRequest { WorkflowId = id, VersionId = version, Inputs = { Enumerable.Range(0, inputs).Select(_ => Requests.Text("fine")) } };

        var response = await sandbox.CallAsync<PostWorkflowResultsResponse>("PostWorkflowResults", request);

        Assert.Equal((code, details), (response.Status.Code, response.Status.Details));
    }

    private static Task<PostWorkflowResultsResponse> RunAsync(SandboxClient sandbox, string id, params Input[] inputs) =>
        sandbox.CallAsync<PostWorkflowResultsResponse>("PostWorkflowResults", new PostWorkflowResultsRequest { WorkflowId = id, Inputs = { inputs } });
}
