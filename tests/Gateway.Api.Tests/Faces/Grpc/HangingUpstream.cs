using Gateway.Testing.Grpc;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>An upstream that never answers, and tells how its call went.</summary>
internal sealed class HangingUpstream
{
    private readonly TaskCompletionSource<TimeSpan> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Started => _started.Task;

    /// <summary>The time that the call was given.</summary>
    public Task<TimeSpan> Timeout => _started.Task;

    public Task Cancelled => _cancelled.Task;

    public async Task<GrpcStatus> HangAsync(GrpcServerCall call)
    {
        using var registration = call.CancellationToken.Register(() => _cancelled.TrySetResult());
        _started.TrySetResult(call.Timeout ?? default);
        await Task.Delay(System.Threading.Timeout.Infinite, call.CancellationToken);
        return GrpcStatus.DefaultSuccess;
    }
}
