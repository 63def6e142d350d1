using System.Threading.Channels;

namespace Gateway.Sandbox.Tests;

/// <summary>A clock whose timers fire when the test says so, and which hands each new timer to the test.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Channel<ManualTimer> _timers = Channel.CreateUnbounded<ManualTimer>();

    public bool HasTimer => _timers.Reader.TryPeek(out _);

    /// <summary>The next timer, once it is made. Gives up after a time that no working code takes, so that a broken one fails instead of hanging.</summary>
    public Task<ManualTimer> NextTimerAsync() => _timers.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(() => callback(state));
        _timers.Writer.TryWrite(timer);
        return timer;
    }

    internal sealed class ManualTimer(Action fire) : ITimer
    {
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Disposed => _disposed.Task;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _disposed.TrySetResult();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
