using Gateway.Store.Databases;

namespace Gateway.Store.Sharing;

/// <summary>
/// Locks by name, for what one replica is to do alone. Each ends with the process that holds it, at the latest. Failures of the store are
/// <see cref="StoreException"/>s. Thread-safe.
/// </summary>
public sealed class StoreLocks
{
    private readonly StoreDatabase _database;

    internal StoreLocks(StoreDatabase database) => _database = database;

    /// <summary>Takes a lock if it is free.</summary>
    /// <param name="name">What is locked: small letters, digits and hyphens, for it may be part of a file's name.</param>
    /// <returns>The lock, to be disposed; null while somebody else has it, in this process or another.</returns>
    public async Task<StoreLock?> TryTakeAsync(string name, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || name.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-'))
        {
            throw new ArgumentException("A lock's name has small letters, digits and hyphens.", nameof(name));
        }

        var held = await _database.RunAsync("locks.take", () => _database.TryLockAsync(name, cancellationToken)).ConfigureAwait(false);
        return held is null ? null : new StoreLock(held);
    }
}
