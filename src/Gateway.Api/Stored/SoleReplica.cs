using Gateway.Store;
using Gateway.Store.Sharing;

namespace Gateway.Api.Stored;

/// <summary>
/// Has one of the replicas that share a store do what is to be done once: the one that holds a lock there. Without a store there is one
/// replica. While the store does not answer, nobody does it, as nobody knows who else would.
/// </summary>
internal sealed partial class SoleReplica(TenantStoreAccess access, TimeProvider time, ILogger<SoleReplica> logger)
{
    // How long nobody does it when the one who did is gone.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>Does something for as long as this is the one to do it, again when it has come to be so again.</summary>
    /// <param name="name">What it is called by all replicas: small letters, digits and hyphens.</param>
    /// <param name="work">Does it until its token fires.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(string name, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        if (!access.IsInUse)
        {
            await work(stopping);
            return;
        }

        try
        {
            var store = await access.OpenedAsync(stopping);
            while (true)
            {
                if (await TryTakeAsync(store, name, stopping) is { } held)
                {
                    await WorkAsync(name, held, work, stopping);
                }

                await Task.Delay(LookInterval, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The lock is given back already.
        }
    }

    private async Task WorkAsync(string name, StoreLock held, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        await using (held)
        {
            LogTaken(name);
            using var until = CancellationTokenSource.CreateLinkedTokenSource(stopping, held.Lost);
            await work(until.Token);
        }

        stopping.ThrowIfCancellationRequested();
        LogLost(name);
    }

    private static async Task<StoreLock?> TryTakeAsync(GatewayStore store, string name, CancellationToken stopping)
    {
        try
        {
            return await store.Locks.TryTakeAsync(name, stopping);
        }
        catch (StoreException)
        {
            return null; // who follows the store says that it is down
        }
    }

    [LoggerMessage(LogLevel.Information, "This replica does the {Name} now")]
    private partial void LogTaken(string name);

    [LoggerMessage(LogLevel.Warning, "This replica does the {Name} no more: its lock in the store is lost")]
    private partial void LogLost(string name);
}
