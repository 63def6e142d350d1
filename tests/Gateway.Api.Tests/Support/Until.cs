namespace Gateway.Api.Tests.Support;

/// <summary>Waits for what is to happen, however long that takes on a machine that has much else to do.</summary>
internal static class Until
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again until it is so.</summary>
    /// <param name="isSo">Whether it is.</param>
    /// <param name="what">What is waited for, if it does not come.</param>
    public static async Task TrueAsync(Func<Task<bool>> isSo, string what)
    {
        using var limit = new CancellationTokenSource(StreamTesting.Limit);
        while (!await isSo())
        {
            Assert.False(limit.IsCancellationRequested, $"It never came that {what}.");
            await Task.Delay(Interval);
        }
    }
}
