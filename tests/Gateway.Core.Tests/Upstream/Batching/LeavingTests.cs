using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;

namespace Gateway.Core.Tests.Upstream.Batching;

/// <summary>Clients that leave, or have no more time, while their requests wait and travel with others'.</summary>
public sealed class LeavingTests : IAsyncLifetime
{
    private static readonly string[] Texts = ["a", "b"];

    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BatchUpstream _server = null!;

    public async Task InitializeAsync() => _server = await BatchUpstream.StartAsync();

    public Task DisposeAsync()
    {
        _gate.TrySetResult();
        return _server.DisposeAsync().AsTask();
    }

    [Fact]
    public async Task BeforeItIsSent_TheRequestIsTakenOut()
    {
        await using var batch = new BatchFixture(_server.Address);
        using var leaver = new CancellationTokenSource();
        var others = await batch.WaitingAsync(BatchUpstream.Request("m", "a"), BatchUpstream.Request("m", "b"));
        var leaving = batch.CallAsync(BatchUpstream.Request("m", "gone"), new UpstreamCall(null, null, leaver.Token));
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 3);

        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.Equal(2, batch.Pool.Waiting);
        await batch.AnswersAsync(others);

        Assert.Equal(["a", "b"], Assert.Single(_server.Calls).Texts);
        Assert.Equal(0, batch.Arrays.Lent);
    }

    [Fact]
    public async Task BeforeItIsSent_TheLastOneTakesTheBatchWithIt()
    {
        await using var batch = new BatchFixture(_server.Address);
        using var leaver = new CancellationTokenSource();
        var call = new UpstreamCall(null, null, leaver.Token);
        var leaving = Texts.Select(text => batch.CallAsync(BatchUpstream.Request("m", text), call)).ToArray();
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 2);

        await leaver.CancelAsync();
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 0);
        batch.Upstream.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(batch.Pool.TryTake(out _));
        Assert.Equal((0, 0), (_server.Calls.Count, batch.Arrays.Lent));
        foreach (var left in leaving)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        }
    }

    [Fact]
    public async Task OnTheWay_TheOthersGetTheirs()
    {
        Hold();
        await using var batch = new BatchFixture(_server.Address);
        using var leaver = new CancellationTokenSource();
        var others = await batch.WaitingAsync(BatchUpstream.Request("m", "a"));
        var leaving = batch.CallAsync(BatchUpstream.Request("m", "gone"), new UpstreamCall(null, null, leaver.Token));
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 2);
        await PassUntilSentAsync(batch);

        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        _gate.SetResult();
        var answer = Assert.Single(await batch.AnswersAsync(others));

        Assert.Equal("a", Assert.Single(answer.Outputs).Data.Text.Raw);
        Assert.Equal(["a", "gone"], Assert.Single(_server.Calls).Texts);
    }

    [Fact]
    public async Task OnTheWay_WhenAllHaveLeft_TheCallIsCancelled()
    {
        Hold();
        await using var batch = new BatchFixture(_server.Address);
        using var leaver = new CancellationTokenSource();
        var call = new UpstreamCall(null, null, leaver.Token);
        var leaving = Texts.Select(text => batch.CallAsync(BatchUpstream.Request("m", text), call)).ToArray();
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 2);
        await PassUntilSentAsync(batch);

        await leaver.CancelAsync();

        await _cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1));
        foreach (var left in leaving)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        }

        await BatchFixture.UntilAsync(() => batch.Arrays.Lent == 0);
    }

    [Fact]
    public async Task Deadlines_AreEachOnesOwn()
    {
        Hold();
        await using var batch = new BatchFixture(_server.Address);
        var patient = batch.CallAsync(BatchUpstream.Request("m", "a"), new UpstreamCall(null, TimeSpan.FromHours(1), default));
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 1);
        var hasty = batch.CallAsync(BatchUpstream.Request("m", "b"), new UpstreamCall(null, TimeSpan.FromSeconds(2), default));
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 2);
        await PassUntilSentAsync(batch);

        Assert.InRange(Assert.Single(_server.Calls).Server.Timeout!.Value, TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(60));
        batch.Upstream.Clock.Advance(TimeSpan.FromSeconds(3));
        using var late = await hasty;
        _gate.SetResult();
        var answer = Assert.Single(await batch.AnswersAsync(patient));

        Assert.Equal((GrpcStatusCode.DeadlineExceeded, "the call did not end within its 2 s"), (late.Outcome.Code, late.Outcome.Message));
        Assert.Equal("a", Assert.Single(answer.Outputs).Data.Text.Raw);
    }

    [Fact]
    public async Task Deadline_BeforeItsTurn_TakesItOut()
    {
        await using var batch = new BatchFixture(_server.Address);
        batch.Pool.Buckets[0].Value.BeginLease(0, TimeSpan.FromHours(1)); // no turn comes
        var hasty = batch.CallAsync(BatchUpstream.Request("m", "b"), new UpstreamCall(null, TimeSpan.FromSeconds(2), default));
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 1);

        batch.Upstream.Clock.Advance(TimeSpan.FromSeconds(3));

        using var late = await hasty;
        Assert.Equal((GrpcStatusCode.DeadlineExceeded, true), (late.Outcome.Code, late.Outcome.TellsNothing));
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 0);
        Assert.Equal((0, 0), (_server.Calls.Count, batch.Arrays.Lent));
    }

    [Fact]
    public async Task Memory_OfACommonAnswer_IsCountedAsEachOnes_AndNotOnceTheyHaveLeft()
    {
        const int size = 3 * 1024 * 1024;
        _server.Change = (_, response) => response.Outputs[0].Data.Text.Raw = new string('x', size);
        Hold();
        await using var batch = new BatchFixture(_server.Address);
        using var leaver = new CancellationTokenSource();
        var (stays, leaves) = (new Share(), new Share());
        var staying = batch.CallAsync(BatchUpstream.Request("m", "a", "b"), new UpstreamCall(null, null, default) { Memory = stays });
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 1);
        var leaving = batch.CallAsync(BatchUpstream.Request("m", "c"), new UpstreamCall(null, null, leaver.Token) { Memory = leaves });
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 2);
        await PassUntilSentAsync(batch);
        await leaver.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        var held = leaves.Taken;

        _gate.SetResult();
        await batch.AnswersAsync(staying);

        Assert.Equal(held, leaves.Taken);
        Assert.InRange(stays.Taken, size * 2 / 3, size);
    }

    [Fact]
    public async Task Memory_ThatIsNotThere_ForTheAnswerOfAll_IsAskedForByEach()
    {
        _server.Change = (call, response) => response.Outputs[0].Data.Text.Raw = new string('x', call.Texts.Length > 1 ? 3 * 1024 * 1024 : 10);
        await using var batch = new BatchFixture(_server.Address);
        var call = new UpstreamCall(null, null, default) { Memory = new Share { Most = 64 * 1024 } };
        var first = batch.CallAsync(BatchUpstream.Request("m", "a"), call);
        var second = batch.CallAsync(BatchUpstream.Request("m", "b"), call with { Memory = new Share() });
        await BatchFixture.UntilAsync(() => batch.Pool.Waiting == 2);

        await batch.AnswersAsync(first, second);

        Assert.Equal(3, _server.Calls.Count);
    }

    // Calls come, and are not answered until the gate opens.
    private void Hold() => _server.Before = async call =>
    {
        using var registration = call.Server.CancellationToken.Register(() => _cancelled.TrySetResult());
        await Task.WhenAny(_gate.Task, _cancelled.Task);
        return null;
    };

    private async Task PassUntilSentAsync(BatchFixture batch)
    {
        batch.Upstream.Clock.Advance(TimeSpan.FromMilliseconds(200));
        await BatchFixture.UntilAsync(() => !_server.Calls.IsEmpty);
    }

    private sealed class Share : IMemoryShare
    {
        private long _taken;

        public long Most { get; init; } = long.MaxValue;

        public long Taken => Interlocked.Read(ref _taken);

        public ValueTask<bool> TakeAsync(long bytes, CancellationToken cancellationToken) =>
            ValueTask.FromResult(bytes <= Most && Interlocked.Add(ref _taken, bytes) > 0);
    }
}
