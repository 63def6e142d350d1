using Clarifai.Api;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Credentials;
using Gateway.Core.Upstream.Retries;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Core.Tests.Upstream.Credentials;

/// <summary>Every attempt of every kind of call takes its turn, and is made with what that gives.</summary>
public sealed class CredentialTurnTests
{
    private static readonly CredentialTurn First = new(new Pat("first-secret"));
    private static readonly CredentialTurn Second = new(new Pat("second-secret"));
    private static readonly CallRefusal Refusal = new("the account is busy", TimeSpan.FromSeconds(2.5));

    [Fact]
    public async Task Unary_Retried_TakesATurnForEachAttempt()
    {
        var seen = new List<string?>();
        await using var server = await TestUpstream.StartAsync((number, call) =>
        {
            seen.Add(call.RequestHeaders.GetValue("authorization"));
            return number == 1 ? Answers.Unavailable(call) : Answers.Ok(call);
        });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);
        var turns = new GatedCredentials(First);

        var calling = upstream.ClientWith(turns).CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, default).AsTask();
        await turns.SomebodyWaitsAsync();
        turns.Give(Second);

        using var result = await calling;
        Assert.True(result.Outcome.IsOK);
        Assert.Equal(["Key first-secret", "Key second-secret"], seen);
        Assert.Same(Second.Credential, result.Credential);
    }

    [Fact]
    public async Task Stream_Retried_TakesATurnForEachAttempt()
    {
        var seen = new List<string?>();
        await using var server = await TestUpstream.StartAsync((number, call) =>
        {
            seen.Add(call.RequestHeaders.GetValue("authorization"));
            return number == 1 ? Answers.Unavailable(call) : Answers.Ok(call);
        });
        await using var upstream = new UpstreamFixture([[server.Address]], UpstreamFixture.AtOnce);
        var turns = new GatedCredentials(First);

        await using var stream = upstream.ClientWith(turns).Stream(UpstreamFixture.ServerStreaming, UpstreamFixture.Request, default);
        var reading = stream.ReadAsync();
        await turns.SomebodyWaitsAsync();
        turns.Give(Second);

        using var message = await reading;
        Assert.NotNull(message);
        Assert.Equal(["Key first-secret", "Key second-secret"], seen);
        Assert.Same(Second.Credential, stream.Credential);
    }

    [Fact]
    public async Task Duplex_OfNoTurn_IsOpenedWhenItComes()
    {
        await using var server = await TestUpstream.StartAsync(async call =>
        {
            using var request = await call.ReadAsync();
            await call.WriteAsync(Answers.Success);
            return GrpcStatus.DefaultSuccess;
        });
        await using var upstream = new UpstreamFixture(server.Address);
        var turns = new GatedCredentials();

        await using var stream = upstream.ClientWith(turns).Duplex(UpstreamFixture.TwoWay, default);
        var writing = stream.WriteAsync(UpstreamFixture.Request);
        await turns.SomebodyWaitsAsync();
        Assert.Equal((false, 0), (writing.IsCompleted, server.Calls));
        turns.Give(First);

        Assert.True(await writing);
        using var message = await stream.ReadAsync();
        Assert.NotNull(message);
        Assert.Same(First.Credential, stream.Credential);
    }

    [Fact]
    public async Task Typed_OfNoTurn_WaitsForIt()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);
        var turns = new GatedCredentials();

        var calling = upstream.ClientWith(turns).PostModelOutputsAsync(new PostModelOutputsRequest(), default);
        await turns.SomebodyWaitsAsync();
        Assert.Equal(0, server.Calls);
        turns.Give(First);

        using var result = await calling;
        Assert.True(result.Outcome.IsOK);
    }

    [Fact]
    public async Task Refusal_OfEveryKind_IsItsOutcomeAndSaysWhenToComeBack()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);
        var turns = new GatedCredentials();
        var client = upstream.ClientWith(turns);
        for (var i = 0; i < 4; i++)
        {
            turns.Give(new CredentialTurn(Refusal));
        }

        using var unary = await client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, default);
        using var typed = await client.PostModelOutputsAsync(new PostModelOutputsRequest(), default);
        await using var stream = client.Stream(UpstreamFixture.ServerStreaming, UpstreamFixture.Request, default);
        Assert.Null(await stream.ReadAsync());
        await using var duplex = client.Duplex(UpstreamFixture.TwoWay, default);
        Assert.False(await duplex.WriteAsync(UpstreamFixture.Request));
        await duplex.CompleteAsync();
        Assert.Empty(await duplex.ReadHeadersAsync());
        Assert.Null(await duplex.ReadAsync());

        Assert.All([unary.Outcome, typed.Outcome, stream.Outcome, duplex.Outcome], outcome => Assert.Equal(
            (GrpcStatusCode.ResourceExhausted, Refusal.Reason, true), (outcome.Code, outcome.Message, outcome.TellsNothing)));
        Assert.All(
            [
                Pushback.Read(unary.Headers, unary.Trailers, upstream.Clock), Pushback.Read(typed.Headers, typed.Trailers, upstream.Clock),
                stream.Pushback, Pushback.Read(duplex.Headers, duplex.Trailers, upstream.Clock),
            ],
            pushback => Assert.Equal(Refusal.RetryAfter, pushback.Delay));
        Assert.Equal(0, server.Calls);
    }

    [Fact]
    public async Task AttemptThatReachedNobody_KeepsItsTurn()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture([[new Uri("http://127.0.0.1:1")], [server.Address]], UpstreamFixture.AtOnce);
        var turns = new GatedCredentials(First);
        turns.Give(Second); // which nobody should need

        using var result = await upstream.ClientWith(turns).CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, default);

        Assert.Equal((true, 1), (result.Outcome.IsOK, turns.Taken));
    }

    [Fact]
    public async Task Wait_ForATurn_TakesFromTheCallsTime()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);
        var turns = new GatedCredentials();
        var call = new UpstreamCall(null, TimeSpan.FromMinutes(3), default);

        var calling = upstream.ClientWith(turns).CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, call).AsTask();
        Assert.Equal(call.Timeout, await turns.SomebodyWaitsAsync());
        upstream.Clock.Advance(TimeSpan.FromMinutes(4));
        turns.Give(First);

        using var result = await calling;
        Assert.Equal((GrpcStatusCode.DeadlineExceeded, 0), (result.Outcome.Code, server.Calls));
    }

    [Fact]
    public async Task ClientThatLeaves_WhileItWaits_IsCancelled()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);
        var turns = new GatedCredentials();
        var client = upstream.ClientWith(turns);
        using var caller = new CancellationTokenSource();
        var call = new UpstreamCall(null, null, caller.Token);

        var unary = client.CallAsync(UpstreamFixture.Unary, UpstreamFixture.Request, call).AsTask();
        await using var stream = client.Stream(UpstreamFixture.ServerStreaming, UpstreamFixture.Request, call);
        var first = stream.ReadAsync().AsTask();
        await using var duplex = client.Duplex(UpstreamFixture.TwoWay, call);
        var write = duplex.WriteAsync(UpstreamFixture.Request).AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unary);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        Assert.Equal(0, server.Calls);
    }

    [Fact]
    public async Task Disposal_WhileItWaits_LeavesTheQueue()
    {
        await using var server = await TestUpstream.StartAsync(Answers.Ok);
        await using var upstream = new UpstreamFixture(server.Address);
        var client = upstream.ClientWith(new GatedCredentials());

        var stream = client.Stream(UpstreamFixture.ServerStreaming, UpstreamFixture.Request, default);
        var first = stream.ReadAsync();
        await stream.DisposeAsync();
        var duplex = client.Duplex(UpstreamFixture.TwoWay, default);
        var write = duplex.WriteAsync(UpstreamFixture.Request);
        await duplex.DisposeAsync();

        Assert.Null(await first);
        Assert.False(await write);
        Assert.Equal(
            (GrpcStatusCode.Cancelled, GrpcStatusCode.Cancelled, 0), (stream.Outcome.Code, duplex.Outcome.Code, server.Calls));
    }
}
