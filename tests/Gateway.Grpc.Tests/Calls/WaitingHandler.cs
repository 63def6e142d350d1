using System.Buffers;
using Gateway.Grpc.Server;

namespace Gateway.Grpc.Tests.Calls;

/// <summary>A handler that says when it has started, and then waits until it is cancelled.</summary>
internal sealed class WaitingHandler(ReadOnlySequence<byte>? firstMessage = null)
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Started => _started.Task;

    public Task Cancelled => _cancelled.Task;

    public async Task<GrpcStatus> RunAsync(GrpcServerCall call)
    {
        using CancellationTokenRegistration registration = call.CancellationToken.Register(_cancelled.SetResult);
        if (firstMessage is { } message) await call.WriteAsync(message);
        _started.SetResult();
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
        return GrpcStatus.OK;
    }
}
