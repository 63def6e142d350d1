using Clarifai.Api.Status;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Testing;

namespace Gateway.Core.Tests.Upstream;

public sealed class UpstreamDuplexTests
{
    [Fact]
    public async Task Messages_PassBothWays()
    {
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            while (await call.ReadAsync() is { } message)
            {
                using (message)
                {
                    await call.WriteAsync(Answers.Success);
                }
            }

            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture(server.Address);
        await using var stream = upstream.Client.Duplex(UpstreamFixture.TwoWay, default);

        for (var i = 0; i < 3; i++)
        {
            Assert.True(await stream.WriteAsync(UpstreamFixture.Request));
            using var answer = await stream.ReadAsync();
            Assert.Equal(StatusCode.Success, Answers.CodeOf(answer));
        }

        await stream.CompleteAsync();
        Assert.Null(await stream.ReadAsync());
        Assert.True(stream.Outcome.IsOK);
    }

    [Fact]
    public async Task Address_Unreachable_IsNotRetriedButEjected()
    {
        await using var second = await TestUpstream.StartAsync(_ => Task.FromResult(GrpcStatus.DefaultSuccess));
        await using var upstream = new UpstreamFixture([[Nobody.At()], [second.Address]]);

        await using (var failed = upstream.Client.Duplex(UpstreamFixture.TwoWay, default))
        {
            Assert.Null(await failed.ReadAsync());
            Assert.True(failed.Outcome.IsConnectionFailure);
        }

        await using var stream = upstream.Client.Duplex(UpstreamFixture.TwoWay, default);
        Assert.Null(await stream.ReadAsync());
        Assert.Equal((true, 1), (stream.Outcome.IsOK, second.Calls));
    }

    [Fact]
    public async Task Message_OfAnEjectedAddress_ReturnsIt()
    {
        await using var only = await TestUpstream.StartAsync(async call =>
        {
            await call.WriteAsync(Answers.Success);
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture([[only.Address]]);
        only.IsDead = true;
        await using (var failed = upstream.Client.Duplex(UpstreamFixture.TwoWay, default))
        {
            Assert.Null(await failed.ReadAsync());
        }

        Assert.Equal(1, upstream.Cluster.EjectedAddresses);
        only.IsDead = false;

        await using var stream = upstream.Client.Duplex(UpstreamFixture.TwoWay, default);
        using var message = await stream.ReadAsync();

        Assert.Equal(0, upstream.Cluster.EjectedAddresses);
    }
}
