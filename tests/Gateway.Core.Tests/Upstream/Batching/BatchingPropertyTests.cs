using System.Collections.Concurrent;
using Gateway.Core.Tests.Upstream.Support;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Core.Tests.Upstream.Batching;

/// <summary>
/// A hundred thousand inputs, each like no other, in requests that travel together as they come, with bad ones among them, clients that leave,
/// and calls that fail: every answer belongs to its question, and nothing is lost, made more than twice, or kept.
/// </summary>
public sealed class BatchingPropertyTests
{
    private const int Inputs = 100_000;
    private const int Clients = 400;

    private static readonly TimeSpan ATurn = TimeSpan.FromMilliseconds(103);

    private readonly ConcurrentDictionary<string, int> _seen = new();
    private int _next;
    private int _answered;
    private int _left;
    private int _merged;

    [Fact]
    public async Task EveryAnswer_BelongsToItsQuestion()
    {
        await using var server = await BatchUpstream.StartAsync();
        server.Before = call => Task.FromResult(Tally(server, call));
        var meter = new RecordingMeter();
        await using var batch = new BatchFixture(server.Address, meter: meter);

        await batch.PassAsync(ATurn, [.. Enumerable.Range(1, Clients).Select(seed => Task.Run(() => AskAsync(batch, new Random(seed))))]);

        Assert.True(_answered + _left >= Inputs && _left > Inputs / 200, $"{_answered} answered, {_left} left");
        Assert.InRange(_merged, 100, Inputs / 10);
        Assert.All(_seen, text => Assert.InRange(text.Value, 1, 2));
        await BatchFixture.UntilAsync(() => batch.Arrays.Lent == 0);
        Assert.Equal(0, batch.Pool.Waiting);
        Assert.All(meter.Calls, call => Assert.Single(call.Completed));
    }

    // Of those that travel together, some fail for no reason.
    private GrpcStatus? Tally(BatchUpstream server, BatchUpstream.Call call)
    {
        server.Calls.Clear(); // nobody looks at them here
        foreach (var text in call.Texts)
        {
            _seen.AddOrUpdate(text, 1, (_, count) => count + 1);
        }

        if (call.Texts.Length <= 3)
        {
            return null;
        }

        return Interlocked.Increment(ref _merged) % 40 == 0 ? new GrpcStatus(GrpcStatusCode.Unknown, "chance") : null;
    }

    private async Task AskAsync(BatchFixture batch, Random random)
    {
        while (true)
        {
            var count = random.Next(1, 4);
            var first = Interlocked.Add(ref _next, count) - count;
            if (first >= Inputs)
            {
                return;
            }

            string[] texts = [.. Enumerable.Range(first, count).Select(number => $"{Kind(random)}{number}")];
            using var leaver = new CancellationTokenSource();
            var call = batch.CallAsync(BatchUpstream.Request("m", texts), new UpstreamCall(null, null, leaver.Token));
            if (random.Next(40) == 0)
            {
                for (var i = random.Next(20); i > 0; i--)
                {
                    await Task.Yield();
                }

                await leaver.CancelAsync();
            }

            await CheckAsync(call, texts, leaver.IsCancellationRequested);
        }
    }

    private static string Kind(Random random) => random.Next(5000) switch
    {
        0 => BatchUpstream.Poison,
        < 250 => BatchUpstream.Fail,
        _ => "",
    };

    private async Task CheckAsync(Task<UnaryResult<Payload>> call, string[] texts, bool mayLeave)
    {
        try
        {
            var result = await call;
            Interlocked.Add(ref _answered, texts.Length);
            if (!texts.Any(text => text.StartsWith(BatchUpstream.Poison, StringComparison.Ordinal)))
            {
                var outputs = BatchFixture.AnswerOf(result).Outputs;
                Assert.Equal(texts, outputs.Select(output => output.Data?.Text.Raw ?? output.Status.Details));
            }
        }
        catch (OperationCanceledException) when (mayLeave)
        {
            Interlocked.Add(ref _left, texts.Length);
        }
    }
}
