using System.Text;
using Gateway.Testing.Grpc;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>A server's handler that says when it has started, and then waits until it is cancelled.</summary>
internal sealed class WaitingHandler(string? firstMessage = null)
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Started => _started.Task;

    public Task Cancelled => _cancelled.Task;

    public async Task<Status> RunAsync(GrpcServerCall call)
    {
        using var registration = call.CancellationToken.Register(_cancelled.SetResult);
        if (firstMessage is not null)
        {
            await call.WriteAsync(Encoding.UTF8.GetBytes(firstMessage));
        }

        _started.SetResult();
        await Task.Delay(Timeout.Infinite, call.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Status.DefaultCancelled;
    }
}
