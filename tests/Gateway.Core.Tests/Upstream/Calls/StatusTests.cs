using Gateway.Core.Tests.Upstream.Support;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Calls;

/// <summary>Statuses from the upstream's handler to the client's reply.</summary>
public sealed class StatusTests
{
    public static TheoryData<StatusCode> FailureCodes => [.. Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK)];

    [Theory]
    [MemberData(nameof(FailureCodes))]
    public async Task Failure_WithoutAMessage_Arrives(StatusCode code)
    {
        await using var pair = await UpstreamPair.StartAsync(_ => Task.FromResult(new Status(code, "as told")));

        Assert.All(await pair.Upstream.CallEveryKindAsync(), reply => Assert.Equal((new Outcome(code, "as told"), null), (reply.Outcome, reply.Message)));
    }

    [Theory]
    [InlineData("überall: 日本 😀 100%\r\n\t end")]
    [InlineData("%41")]
    [InlineData("")]
    public async Task Failure_OfAnyText_ArrivesUnchanged(string text)
    {
        await using var pair = await UpstreamPair.StartAsync(_ => Task.FromResult(new Status(StatusCode.NotFound, text)));

        Assert.All(await pair.Upstream.CallEveryKindAsync(), reply => Assert.Equal(new Outcome(StatusCode.NotFound, text), reply.Outcome));
    }

    [Fact]
    public async Task Unary_FailureAfterAMessage_DropsTheMessage()
    {
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            await call.WriteAsync("half done"u8.ToArray());
            return new Status(StatusCode.DataLoss, "then it broke");
        });

        var reply = await pair.Upstream.UnaryAsync(Bytes.Of("x"));

        Assert.Equal((new Outcome(StatusCode.DataLoss, "then it broke"), null), (reply.Outcome, reply.Message));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failure_WithDetails_TheyArriveInTrailersAndInTrailersOnly(bool withMessage)
    {
        var details = Bytes.Pattern(100, seed: 5);
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            if (withMessage)
            {
                await call.WriteAsync("x"u8.ToArray());
            }

            call.ResponseTrailers.Add("grpc-status-details-bin", details);
            return new Status(StatusCode.FailedPrecondition, "see details");
        });

        Assert.All(
            await pair.Upstream.CallEveryKindAsync(),
            reply => Assert.Equal((StatusCode.FailedPrecondition, Convert.ToHexString(details)), (reply.Code, Convert.ToHexString(reply.Details))));
    }

    [Fact]
    public async Task Stream_FailureAfterMessages_MessagesArriveFirst()
    {
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            await call.WriteAsync("one"u8.ToArray());
            return new Status(StatusCode.Aborted, "no more");
        });
        await using var stream = pair.Upstream.Stream(Bytes.Of("x"));

        Assert.Equal("one", (await stream.ReadAsync()).Text());
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(new Outcome(StatusCode.Aborted, "no more"), stream.End.Outcome);
        Assert.Null(await stream.ReadAsync());
    }

    [Fact]
    public async Task Duplex_FailureBeforeTheRequestEnds_Arrives()
    {
        await using var pair = await UpstreamPair.StartAsync(async call =>
        {
            (await call.ReadAsync())!.Dispose();
            return new Status(StatusCode.InvalidArgument, "the first was wrong");
        });
        await using var stream = pair.Upstream.Duplex();

        Assert.True(await stream.WriteAsync(Bytes.Of("wrong")));
        Assert.Null(await stream.ReadAsync());
        Assert.Equal(new Outcome(StatusCode.InvalidArgument, "the first was wrong"), stream.End.Outcome);
    }

    [Fact]
    public async Task Duplex_ServerEndsFirst_WritesSayFalse()
    {
        await using var pair = await UpstreamPair.StartAsync(_ => Task.FromResult(Status.DefaultSuccess));
        await using var stream = pair.Upstream.Duplex();

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(Outcome.OK, stream.End.Outcome);
        Assert.False(await stream.WriteAsync(Bytes.Of("late")));
    }

    [Fact]
    public async Task Duplex_WriteAfterComplete_Throws()
    {
        await using var pair = await UpstreamPair.StartAsync(new WaitingHandler().RunAsync);
        await using var stream = pair.Upstream.Duplex();

        await stream.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.WriteAsync(Bytes.Of("late")).AsTask());
    }

    [Fact]
    public async Task End_BeforeTheEnd_Throws()
    {
        await using var pair = await UpstreamPair.StartAsync(new WaitingHandler().RunAsync);
        await using var stream = pair.Upstream.Duplex();

        Assert.Throws<InvalidOperationException>(() => stream.End);
    }
}
