using System.Text;
using Gateway.Api.Tests.Support;
using Gateway.Grpc;

namespace Gateway.Api.Tests.Calls;

/// <summary>A unary call whose client does not wait for the answer, and one whose upstream takes too long.</summary>
public sealed class UnaryCallTests
{
    [Fact]
    public async Task Client_Leaves_UpstreamIsCancelled()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            call.CancellationToken.Register(cancelled.SetResult);
            called.SetResult();
            await cancelled.Task;
            return GrpcStatus.OK;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var leaving = new CancellationTokenSource();

        var request = client.PostAsync("/v2/models/m/outputs", new StringContent("{}", Encoding.UTF8), leaving.Token);
        await called.Task;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Upstream_TakesTooLong_IsATimeout()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, call.CancellationToken);
            return GrpcStatus.OK;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Upstream:UnaryTimeout", "00:00:00.200"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", "/v2/models/m/outputs", "{}");

        Assert.Equal((504, 40032), ((int)answer.HasTheApisShape().Http, answer.Code));
    }
}
