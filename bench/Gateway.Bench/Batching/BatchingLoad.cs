using System.Buffers;
using System.Diagnostics;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Connections;
using Gateway.Core.Upstream.Credentials;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Bench.Batching;

/// <summary>Clients that ask for one prediction after the other, each of a text of its own, and see that the answer is to that.</summary>
internal sealed class BatchingLoad : IAsyncDisposable
{
    private static readonly ApiSchema Schema = ApiSchema.Compile(V2.Descriptor, JsonDialect.Clarifai);
    private static readonly RpcPlan Rpc = Schema.Rpc("PostModelOutputs");
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private readonly ServiceProvider _services;
    private readonly ClarifaiClient _client;
    private readonly int _clients;
    private int _questions;

    public BatchingLoad(Uri upstream, ICredentialSource credentials, int clients)
    {
        var services = new ServiceCollection();
        services.AddSingleton(Schema);
        services.AddUpstreamChannels(_ => new ChannelOptions());
        _services = services.BuildServiceProvider();
        var cluster = new UpstreamCluster(
            new UpstreamClusterOptions { Groups = [[upstream]] }, _services.GetRequiredService<UpstreamChannels>(), NullLogger.Instance);
        _client = new ClarifaiClientFactory(cluster).Create(credentials);
        _clients = clients;
    }

    public async Task<BatchingResult> RunAsync(TimeSpan time)
    {
        using var end = new CancellationTokenSource(time);
        var started = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, _clients).Select(_ => Task.Run(() => AskAsync(end.Token))));
        return new BatchingResult([.. latencies.SelectMany(own => own).Order()], Stopwatch.GetElapsedTime(started));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task<List<double>> AskAsync(CancellationToken end)
    {
        var latencies = new List<double>();
        try
        {
            while (!end.IsCancellationRequested)
            {
                var text = Interlocked.Increment(ref _questions).ToString(System.Globalization.CultureInfo.InvariantCulture);
                var request = new PostModelOutputsRequest { ModelId = "m", Inputs = { new Input { Data = new Data { Text = new Text { Raw = text } } } } }.ToByteArray();
                var asked = Stopwatch.GetTimestamp();
                await UntilAnsweredAsync(request, text, end);
                latencies.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }
        catch (OperationCanceledException)
        {
            // What is not answered at the end does not count.
        }

        return latencies;
    }

    // As clients do that are told to slow down: again after a while, at random below a bound that doubles.
    private async Task UntilAnsweredAsync(byte[] request, string text, CancellationToken end)
    {
        for (var wait = FirstBackoff; ; wait = wait * 2 < LongestBackoff ? wait * 2 : LongestBackoff)
        {
            using var result = await _client.CallAsync(Rpc, new ReadOnlySequence<byte>(request), new UpstreamCall(null, TimeSpan.FromMinutes(10), end));
            if (result.Message is not { } message)
            {
                throw new InvalidOperationException($"A call ended with {result.Outcome.Code}: {result.Outcome.Message}");
            }

            if (message.Status.Code != (int)StatusCode.ConnThrottled)
            {
                var answer = MultiOutputResponse.Parser.ParseFrom(message.Span);
                if (answer.Outputs is not [{ Data.Text.Raw: var raw }] || raw != text)
                {
                    throw new InvalidOperationException($"The answer to {text} is {answer}.");
                }

                return;
            }

            await Task.Delay(wait * Random.Shared.NextDouble(), end);
        }
    }
}
