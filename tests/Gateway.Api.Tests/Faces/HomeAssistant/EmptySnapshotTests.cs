using System.Net;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.HomeAssistant;

/// <summary>A camera that answers with an image of no bytes.</summary>
public sealed class EmptySnapshotTests
{
    [Fact]
    public async Task Snapshot_WithoutAByte_IsNoPicture_AndCallsNothing()
    {
        var calls = 0;
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = http => FakeHomeAssistant.AnswerAsync(http, "image/jpeg", []);
        await using var upstream = await RecordingUpstream.StartAsync(_ =>
        {
            Interlocked.Increment(ref calls);
            return new PostWorkflowResultsResponse { Status = new Status { Code = StatusCode.Success } };
        });
        await using var gateway = GatewayHost.Start(upstream.Address, Home.Settings(home.Address));

        var answer = (await Home.AskAsync(gateway)).HasTheApisShape();

        Assert.Equal((HttpStatusCode.BadGateway, (int)StatusCode.ExternalConnectionError), (answer.Http, answer.Code));
        Assert.Equal("What Home Assistant gave for camera.front_door is an empty image.", answer.Details);
        Assert.Equal(0, calls);
        Assert.Empty(home.Events);
    }
}
