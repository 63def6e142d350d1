using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Google.Protobuf;
using static Gateway.Api.Tests.Support.TwoWay;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Streams;

/// <summary>How a WebSocket is closed when a message of the upstream says that the call failed: whether the request or the model was at fault.</summary>
public sealed class ModelFailureTests
{
    [Theory]
    [InlineData(StatusCode.ModelPredictionFailed, 1011)]
    [InlineData(StatusCode.RunnerProcessingFailed, 1011)]
    [InlineData(StatusCode.ModelUncategorized, 1011)]
    [InlineData((StatusCode)65432, 1011)]
    [InlineData(StatusCode.InternalUncategorized, 1011)]
    [InlineData(StatusCode.ModelLoading, 1013)]
    [InlineData(StatusCode.ModelInvalidArgument, 1008)]
    [InlineData(StatusCode.InputInvalidUrl, 1008)]
    [InlineData(StatusCode.ConnInvalidRequest, 1008)]
    [InlineData(StatusCode.ModelDoesNotExist, 1008)]
    [InlineData(StatusCode.ConnInsufficientScopes, 1008)]
    public async Task Model_Fails_IsToldAndClosed(StatusCode status, int code)
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await ReadAsync(call);
            await call.WriteAsync(new MultiOutputResponse { Status = new Status { Code = status, Description = "it was so" } }.ToByteArray());
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await SocketClient.OpenAsync(gateway);

        await client.SendAsync(Json("one"));
        await client.NextAsync();
        var (records, closed, reason) = await client.RestAsync();

        Assert.Equal([$"error {(int)status}"], records);
        Assert.Equal((code, "it was so"), (closed, reason));
    }
}
