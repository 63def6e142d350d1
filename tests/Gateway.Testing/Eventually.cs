namespace Gateway.Testing;

/// <summary>Waits for what comes about by itself, but not for ever.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Waits until something is so.</summary>
    /// <exception cref="OperationCanceledException">It has not come about.</exception>
    public static Task IsAsync(Func<bool> condition) => IsAsync(() => Task.FromResult(condition()));

    /// <inheritdoc cref="IsAsync(Func{bool})"/>
    public static async Task IsAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}
