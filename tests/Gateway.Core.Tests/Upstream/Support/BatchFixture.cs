using System.Buffers;
using Clarifai.Api;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Batching;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Credentials;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>A pool of one PAT in front of an upstream, on a clock that the test moves: nothing has its turn before.</summary>
internal sealed class BatchFixture : IAsyncDisposable
{
    public static readonly Pat Pat = new("secret-of-the-tenant");

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public BatchFixture(Uri address, BatchLimits? limits = null, bool isOn = true, ICallMeter? meter = null, TimeSpan? maxWait = null)
    {
        Upstream = new UpstreamFixture([[address]], UpstreamFixture.AtOnce with { MaxAttempts = 1, LoadingTimeout = TimeSpan.Zero });
        var options = new CredentialPoolOptions
        {
            MaxWait = maxWait ?? TimeSpan.FromHours(1),
            MaxWaiting = int.MaxValue,
            Batching = isOn ? limits ?? new BatchLimits() : null,
            Arrays = Arrays,
        };
        Pool = new CredentialPool([new PatPace("one", Pat, 10)], options, Upstream.Clock);
        Client = Upstream.ClientWith(Pool, meter);
        UseUp();
    }

    public UpstreamFixture Upstream { get; }

    public CountingArrays Arrays { get; } = new();

    public CredentialPool Pool { get; }

    public ClarifaiClient Client { get; }

    /// <summary>Takes all turns that are free.</summary>
    public void UseUp() => Pool.Exhaust();

    /// <summary>Begins a call of each text, one after the other, and comes back when all wait.</summary>
    public async Task<Task<UnaryResult<Payload>>[]> WaitingAsync(params byte[][] requests)
    {
        var calls = new Task<UnaryResult<Payload>>[requests.Length];
        for (var i = 0; i < requests.Length; i++)
        {
            var waiting = Pool.Waiting;
            calls[i] = CallAsync(requests[i], new UpstreamCall($"id-{i}", null, default));
            await UntilAsync(() => Pool.Waiting == waiting + 1);
        }

        return calls;
    }

    public Task<UnaryResult<Payload>> CallAsync(byte[] request, UpstreamCall call = default, RpcPlan? rpc = null) =>
        Client.CallAsync(rpc ?? UpstreamFixture.Unary, new ReadOnlySequence<byte>(request), call).AsTask();

    /// <summary>Lets time pass until the tasks have ended.</summary>
    public Task PassAsync(params Task[] tasks) => PassAsync(TimeSpan.FromMilliseconds(10), tasks);

    /// <summary>Lets time pass in such steps until the tasks have ended.</summary>
    public Task PassAsync(TimeSpan step, params Task[] tasks) => UntilAsync(() =>
    {
        Upstream.Clock.Advance(step);
        return Array.TrueForAll(tasks, task => task.IsCompleted);
    });

    /// <summary>The results, once all are there.</summary>
    public async Task<UnaryResult<Payload>[]> ResultsAsync(params Task<UnaryResult<Payload>>[] calls)
    {
        await PassAsync(calls);
        return await Task.WhenAll(calls);
    }

    /// <summary>What the results say, once all are there; each is a success.</summary>
    public async Task<MultiOutputResponse[]> AnswersAsync(params Task<UnaryResult<Payload>>[] calls) =>
        Array.ConvertAll(await ResultsAsync(calls), AnswerOf);

    /// <summary>What a result says, which it is let go of for.</summary>
    public static MultiOutputResponse AnswerOf(UnaryResult<Payload> result)
    {
        using (result)
        {
            Assert.True(result.Outcome.IsOK, result.Outcome.Message);
            return MultiOutputResponse.Parser.ParseFrom(result.Message!.Span);
        }
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "It did not come to pass.");
            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Pool.Dispose();
        await Upstream.DisposeAsync();
    }
}
