using System.Diagnostics;
using System.Threading.Channels;
using Gateway.Bench.Upstream;
using Gateway.Bench.Workloads;
using Grpc.Core;

namespace Gateway.Bench.Streams;

/// <summary>A gRPC server whose streams send one message, and then rest until the bench lets them end.</summary>
public sealed class HeldUpstream : IAsyncDisposable
{
    private readonly Channel<long> _cancellations = Channel.CreateUnbounded<long>();
    private readonly byte[][] _messages = [Workload.Named("W4").ResponseWires[0]];
    private RawServer? _server;
    private TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldUpstream()
    {
    }

    public Uri Address => _server!.Address;

    /// <summary>When calls were cancelled, as <see cref="Stopwatch.GetTimestamp"/> tells it.</summary>
    public ChannelReader<long> Cancellations => _cancellations.Reader;

    public static async Task<HeldUpstream> StartAsync()
    {
        var upstream = new HeldUpstream();
        upstream._server = await RawServer.StartAsync(
            isInline: false, new RawMethod("GenerateModelOutputs", IsStream: true, _ => upstream._messages) { Rest = upstream.RestAsync });
        return upstream;
    }

    /// <summary>Ends the streams that are open; later ones rest again.</summary>
    public void EndAll() =>
        Interlocked.Exchange(ref _end, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task RestAsync(ServerCallContext call)
    {
        try
        {
            await _end.Task.WaitAsync(call.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            _cancellations.Writer.TryWrite(Stopwatch.GetTimestamp());
            throw;
        }
    }
}
