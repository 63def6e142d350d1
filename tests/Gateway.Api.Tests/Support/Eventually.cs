namespace Gateway.Api.Tests.Support;

/// <summary>Waits for what must come, and nothing tells of.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is true.</summary>
    public static Task TrueAsync(Func<bool> ask) => TrueAsync(() => Task.FromResult(ask()));

    /// <summary>Asks until the answer is true.</summary>
    public static async Task TrueAsync(Func<Task<bool>> ask)
    {
        using var limit = new CancellationTokenSource(StreamTesting.Limit);
        while (!await ask())
        {
            await Task.Delay(Pause, limit.Token);
        }
    }
}
