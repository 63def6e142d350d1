namespace Gateway.Store.Databases;

/// <summary>A lock that is held, until it is disposed or lost.</summary>
internal abstract class HeldLock : IAsyncDisposable
{
    /// <summary>Cancelled when the lock is lost: somebody else may have it.</summary>
    public abstract CancellationToken Lost { get; }

    /// <summary>Gives it back. Does not fail.</summary>
    public abstract ValueTask DisposeAsync();
}
