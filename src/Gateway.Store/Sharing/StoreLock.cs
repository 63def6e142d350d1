using Gateway.Store.Databases;

namespace Gateway.Store.Sharing;

/// <summary>A lock that this process holds: what is done by one replica is done under it. Dispose it to let others have it.</summary>
public sealed class StoreLock : IAsyncDisposable
{
    private readonly HeldLock _held;

    internal StoreLock(HeldLock held) => _held = held;

    /// <summary>Cancelled when the lock is lost with the way to the store: another replica may have it by then.</summary>
    public CancellationToken Lost => _held.Lost;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _held.DisposeAsync();
}
