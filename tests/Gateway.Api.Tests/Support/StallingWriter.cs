namespace Gateway.Api.Tests.Support;

/// <summary>A client that sends messages to an upstream that does not read them yet: as many as it is let, then it waits.</summary>
internal sealed class StallingWriter
{
    public const int MessageLength = 1_000_000;

    /// <summary>The most messages that fit into windows and buffers on the way.</summary>
    public const int Slack = 20;

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _written;

    /// <summary>Begins to send.</summary>
    /// <param name="write">Sends one message.</param>
    /// <param name="messages">How many there are to send.</param>
    public StallingWriter(Func<string, Task> write, int messages) => Done = WriteAllAsync(write, messages);

    /// <summary>Completes when all is sent.</summary>
    public Task Done { get; }

    /// <summary>How many messages were sent when no more went out; all, when nothing held them back.</summary>
    public async Task<int> StalledAsync()
    {
        await Task.WhenAny(_begun.Task, Done).WaitAsync(TwoWay.Limit);
        int before;
        do
        {
            before = Volatile.Read(ref _written);
            await Task.WhenAny(Done, Task.Delay(TimeSpan.FromSeconds(1)));
        }
        while (before != Volatile.Read(ref _written));
        return before;
    }

    private async Task WriteAllAsync(Func<string, Task> write, int messages)
    {
        var message = TwoWay.Json(new string('a', MessageLength));
        for (var i = 0; i < messages; i++)
        {
            await write(message);
            Interlocked.Increment(ref _written);
            _begun.TrySetResult();
        }
    }
}
