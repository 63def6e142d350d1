using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream.Balancing;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Retries;
using Gateway.Testing;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Core.Tests.Upstream.Balancing;

/// <summary>Which address a call goes to, over real connections.</summary>
public sealed class BalancingTests
{
    private static readonly RetryOptions NoRetries = new() { MaxAttempts = 1 };
    private static readonly TimeSpan Ejection = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Calls_OneByOne_GoToEqualAddressesInTurn()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Ok);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(first.Address, second.Address);

        for (var i = 0; i < 10; i++)
        {
            using var result = await upstream.CallAsync();
        }

        Assert.Equal((5, 5), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task Call_GoesWhereFewestAreInFlight()
    {
        var arrived = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        await using var first = await TestUpstream.StartAsync(async call =>
        {
            arrived.SetResult();
            await held.Task;
            return await Answers.Ok(call);
        });
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(first.Address, second.Address);
        var open = new List<Task<UnaryResult<Payload>>>();
        while (first.Calls == 0)
        {
            open.Add(upstream.CallAsync());
            await Task.WhenAny(open[^1], arrived.Task);
        }

        var before = second.Calls;
        for (var i = 0; i < 20; i++)
        {
            using var result = await upstream.CallAsync();
        }

        Assert.Equal((1, before + 20), (first.Calls, second.Calls));
        held.SetResult();
        await Task.WhenAll(open);
    }

    [Fact]
    public async Task FirstGroup_Unreachable_NextGroupServesTheSameCall()
    {
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var third = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[Nobody.At()], [second.Address], [third.Address]], NoRetries);

        using var result = await upstream.CallAsync();

        Assert.True(result.Outcome.IsOK);
        Assert.Equal((1, 0), (second.Calls, third.Calls));
    }

    [Fact]
    public async Task Address_BreaksConnections_IsLeftOutUntilItsProbeSucceeds()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Ok);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], UpstreamFixture.AtOnce);
        first.IsDead = true;

        // 1. It fails: the call goes on at the other address, as do the next ones without asking the first.
        await SucceedAsync(upstream, times: 3);
        var failed = first.Calls;
        Assert.Equal((3, 1), (second.Calls, upstream.Cluster.EjectedAddresses));

        // 2. One call probes it when its time is up; it still fails.
        upstream.Clock.Advance(Ejection);
        await SucceedAsync(upstream, times: 3);
        Assert.Equal((6, 1), (second.Calls, upstream.Cluster.EjectedAddresses));
        Assert.InRange(first.Calls, failed + 1, failed + 2); // the handler itself tries once more on a new connection

        // 3. The next probe, after twice the time, succeeds.
        first.IsDead = false;
        failed = first.Calls;
        upstream.Clock.Advance(Ejection);
        await SucceedAsync(upstream, times: 1);
        Assert.Equal((failed, 7), (first.Calls, second.Calls));

        upstream.Clock.Advance(Ejection);
        await SucceedAsync(upstream, times: 3);
        Assert.Equal((failed + 3, 7, 0), (first.Calls, second.Calls, upstream.Cluster.EjectedAddresses));
        Assert.Collection(
            upstream.Log.Entries,
            entry => Assert.Contains($"Warning upstream: Upstream address {first.Address} is left out for 5 s, then tried again: ", entry, StringComparison.Ordinal),
            entry => Assert.Contains($"Information upstream: Upstream address {first.Address} is back", entry, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Address_StopsUnderLoad_NoCallFails()
    {
        var halfway = new TaskCompletionSource();
        var answered = 0;
        await using var first = await TestUpstream.StartAsync(Answers.Ok);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address, second.Address]], UpstreamFixture.AtOnce);

        var load = Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 100; i++)
            {
                await SucceedAsync(upstream, times: 1);
                if (Interlocked.Increment(ref answered) == 400)
                {
                    halfway.SetResult();
                }
            }
        }).ToList();
        await halfway.Task;
        await first.DisposeAsync();

        await Task.WhenAll(load);
        Assert.Equal(800, answered);
        Assert.True(first.Calls > 0);
        Assert.Equal(1, upstream.Cluster.EjectedAddresses);
    }

    [Fact]
    public async Task Probe_UnderWay_OtherCallsStayAway()
    {
        var probed = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        await using var first = await TestUpstream.StartAsync(async call =>
        {
            probed.TrySetResult();
            await held.Task;
            return await Answers.Ok(call);
        });
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], UpstreamFixture.AtOnce);
        first.IsDead = true;
        await SucceedAsync(upstream, times: 1);
        first.IsDead = false;

        upstream.Clock.Advance(Ejection);
        var probe = upstream.CallAsync();
        await probed.Task;
        var calls = first.Calls;
        await SucceedAsync(upstream, times: 5);
        Assert.Equal((calls, 6), (first.Calls, second.Calls));

        held.SetResult();
        using var result = await probe;
        Assert.True(result.Outcome.IsOK);
        Assert.Equal(0, upstream.Cluster.EjectedAddresses);
    }

    [Fact]
    public async Task Addresses_AllEjected_TheOneSoonestBackIsUsed()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Ok);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], NoRetries, new EjectionOptions { Failures = 1, BaseTime = Ejection });
        second.IsDead = first.IsDead = true;
        await FailAsync(upstream);
        upstream.Clock.Advance(TimeSpan.FromSeconds(1));
        await FailAsync(upstream);
        Assert.Equal(2, upstream.Cluster.EjectedAddresses);

        second.IsDead = first.IsDead = false;
        var before = second.Calls;
        await SucceedAsync(upstream, times: 1);

        Assert.Equal((before, 1), (second.Calls, upstream.Cluster.EjectedAddresses));
    }

    [Fact]
    public async Task Addresses_AllEjected_RetryTriesAnotherOne()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Ok);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], UpstreamFixture.AtOnce);
        second.IsDead = first.IsDead = true;
        await FailAsync(upstream);
        Assert.Equal(2, upstream.Cluster.EjectedAddresses);

        second.IsDead = false;
        await SucceedAsync(upstream, times: 1);

        Assert.Equal(1, upstream.Cluster.EjectedAddresses);
    }

    [Fact]
    public async Task Address_EjectedAndNotDue_IsNoReasonToGoOnWithoutAWait()
    {
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[Nobody.At()], [second.Address]], NoRetries);
        second.IsDead = true;
        await FailAsync(upstream);
        Assert.Equal(2, upstream.Cluster.EjectedAddresses);

        second.IsDead = false;
        var before = second.Calls;
        await FailAsync(upstream);

        Assert.Equal(before, second.Calls);
    }

    [Fact]
    public async Task Address_AnswersUnavailable_IsRatherTriedAgainThanOneThatIsEjected()
    {
        await using var first = await TestUpstream.StartAsync(Answers.Ok, Answers.Unavailable, Answers.Ok);
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[second.Address], [first.Address]], UpstreamFixture.AtOnce);
        second.IsDead = true;
        await SucceedAsync(upstream, times: 1);
        var before = second.Calls;

        await SucceedAsync(upstream, times: 1);

        Assert.Equal((3, before), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task Probe_EndedByItsOwnDeadline_ReturnsNothing()
    {
        await using var only = await TestUpstream.StartAsync(async call =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture([[only.Address]], NoRetries);
        only.IsDead = true;
        await FailAsync(upstream);
        only.IsDead = false;

        using var result = await upstream.CallAsync(timeout: TimeSpan.FromMilliseconds(200));

        Assert.Equal(GrpcStatusCode.DeadlineExceeded, result.Outcome.Code);
        Assert.Equal(1, upstream.Cluster.EjectedAddresses);
    }

    [Fact]
    public async Task OnlyAddress_Ejected_IsUsedAllTheSame()
    {
        await using var only = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[only.Address]], NoRetries);
        only.IsDead = true;
        await FailAsync(upstream);
        Assert.Equal(1, upstream.Cluster.EjectedAddresses);

        only.IsDead = false;
        await SucceedAsync(upstream, times: 1);

        Assert.Equal(0, upstream.Cluster.EjectedAddresses);
    }

    [Theory]
    [InlineData(GrpcStatusCode.Unavailable)]
    [InlineData(GrpcStatusCode.Internal)]
    [InlineData(GrpcStatusCode.DeadlineExceeded)]
    public async Task Answer_OfTheUpstreamItself_EjectsNothing(GrpcStatusCode code)
    {
        await using var only = await TestUpstream.StartAsync(_ => Task.FromResult(new GrpcStatus(code, "")));
        await using var upstream = new UpstreamFixture([[only.Address]], NoRetries);

        using var result = await upstream.CallAsync();

        Assert.Equal((code, 1), (result.Outcome.Code, only.Calls));
        Assert.Equal(0, upstream.Cluster.EjectedAddresses);
    }

    [Fact]
    public async Task Stream_Breaks_EjectsItsAddress()
    {
        await using var only = await TestUpstream.StartAsync(async call =>
        {
            await call.WriteAsync(Answers.Success);
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture([[only.Address]], NoRetries);
        await using var stream = upstream.Stream();
        using var first = await stream.ReadAsync();

        only.BreakConnections();

        Assert.Null(await stream.ReadAsync());
        Assert.True(stream.Outcome.IsConnectionFailure);
        Assert.Equal(1, upstream.Cluster.EjectedAddresses);
    }

    /// <summary>Whatever it answers, an address that is at fault is left out for one that is not; a success between starts the count anew.</summary>
    [Theory]
    [InlineData(GrpcStatusCode.Internal)]
    [InlineData(GrpcStatusCode.Unknown)]
    [InlineData(GrpcStatusCode.DeadlineExceeded)]
    public async Task Address_AtFaultFiveTimesInARow_IsLeftOut(GrpcStatusCode code)
    {
        await using var first = await TestUpstream.StartAsync(
            (number, call) => number == 5 ? Answers.Ok(call) : Task.FromResult(new GrpcStatus(code, "at fault")));
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], NoRetries, patience: Patience);

        await FaultAsync(upstream, times: 4);
        await SucceedAsync(upstream, times: 1);
        await FaultAsync(upstream, times: 5);
        await EjectedAsync(upstream);
        await SucceedAsync(upstream, times: 2);

        Assert.Equal((11, 2), (first.Calls, second.Calls)); // the eleventh is the gateway's own question
        Assert.Contains($"calls end with {code}", Assert.Single(upstream.Log.Entries), StringComparison.Ordinal);
    }

    /// <summary>A client's message may be what an upstream fails at; others do not lose it for that.</summary>
    [Theory]
    [InlineData(GrpcStatusCode.OK)]
    [InlineData(GrpcStatusCode.Unimplemented)]
    [InlineData(GrpcStatusCode.Unauthenticated)]
    public async Task Address_AtFaultForWhatACallAsks_StaysInUse(GrpcStatusCode otherwise)
    {
        var asked = new SemaphoreSlim(0);
        await using var first = await TestUpstream.StartAsync(async call =>
        {
            if (call.Path.EndsWith("/PostModelOutputs", StringComparison.Ordinal))
            {
                return new GrpcStatus(GrpcStatusCode.Internal, "cannot read that");
            }

            await Answers.Ok(call);
            asked.Release();
            return new GrpcStatus(otherwise, "");
        });
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], NoRetries);

        for (var round = 0; round < 3; round++)
        {
            await FaultAsync(upstream, times: 5);
            while (!await asked.WaitAsync(TimeSpan.FromMilliseconds(5)))
            {
                await FaultAsync(upstream, times: 1); // the answer before may not have been there when these five failed
            }
        }

        Assert.Equal((0, 0), (second.Calls, upstream.Cluster.EjectedAddresses));
        Assert.Empty(upstream.Log.Entries);
    }

    [Fact]
    public async Task Address_LeftOut_ComesBackThoughTheCallThatProbesItFails()
    {
        var isAtFault = true;
        await using var first = await TestUpstream.StartAsync(call => isAtFault || call.Path.EndsWith("/PostModelOutputs", StringComparison.Ordinal)
            ? Task.FromResult(new GrpcStatus(GrpcStatusCode.Internal, ""))
            : Answers.Ok(call));
        await using var upstream = new UpstreamFixture([[first.Address]], NoRetries);
        await FaultAsync(upstream, times: 5);
        await EjectedAsync(upstream);

        isAtFault = false;
        await FaultAsync(upstream, times: 1);

        await EjectedAsync(upstream, addresses: 0);
    }

    [Fact]
    public async Task Address_AnswersHttpServerErrors_IsLeftOut()
    {
        await using var first = await TestServer.StartAsync(app => app.Run(http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        }));
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], NoRetries);

        await FaultAsync(upstream, times: 5);
        await EjectedAsync(upstream);
        await SucceedAsync(upstream, times: 2);

        Assert.Equal(2, second.Calls);
    }

    /// <summary>How little time a client gives its calls must not cost others an address.</summary>
    [Fact]
    public async Task Address_CallsHadLessTimeThanTheirs_StaysInUse()
    {
        await using var first = await TestUpstream.StartAsync(_ => Task.FromResult(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "late")));
        await using var second = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[first.Address], [second.Address]], NoRetries, patience: Patience);

        for (var i = 0; i < 10; i++)
        {
            using var result = await upstream.CallAsync(Patience / 2);
        }

        Assert.Equal((10, 0), (first.Calls, second.Calls));
    }

    private static async Task SucceedAsync(UpstreamFixture upstream, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var result = await upstream.CallAsync();
            Assert.True(result.Outcome.IsOK);
        }
    }

    private static async Task FaultAsync(UpstreamFixture upstream, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var result = await upstream.CallAsync(Patience);
            Assert.False(result.Outcome.IsOK || result.Outcome.IsConnectionFailure);
        }
    }

    private static async Task EjectedAsync(UpstreamFixture upstream, int addresses = 1)
    {
        while (upstream.Cluster.EjectedAddresses != addresses)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5)); // it is asked beside the calls
        }
    }

    private static async Task FailAsync(UpstreamFixture upstream)
    {
        using var result = await upstream.CallAsync();
        Assert.True(result.Outcome.IsConnectionFailure);
    }
}
