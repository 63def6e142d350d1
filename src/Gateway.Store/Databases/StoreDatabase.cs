using System.Data.Common;
using System.Diagnostics;
using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Databases;

/// <summary>One kind of database: its connections, its dialect, its locks, and what its failures mean. Thread-safe.</summary>
internal abstract class StoreDatabase : IAsyncDisposable
{
    /// <summary>Milliseconds since 1970 by the database's clock, when the expression is evaluated.</summary>
    public abstract string Now { get; }

    /// <summary>The function of the least of its arguments.</summary>
    public abstract string Least { get; }

    /// <summary>The function of the greatest of its arguments.</summary>
    public abstract string Greatest { get; }

    /// <summary>How many parameters one statement should have at most.</summary>
    public abstract int MaxParameters { get; }

    /// <summary>What is measured; null for nothing.</summary>
    public StoreTelemetry? Telemetry { get; init; }

    /// <summary>A context of its own, to be disposed.</summary>
    public abstract StoreContext NewContext();

    /// <summary>Begins a transaction that sees one state of the database throughout, and writes nothing.</summary>
    public abstract Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Makes the database itself, where that is this program's to do. Called by one process at a time.</summary>
    public abstract Task PrepareAsync(StoreContext context, CancellationToken cancellationToken);

    /// <summary>Makes or updates the tables. Called by one process at a time.</summary>
    public virtual Task MigrateAsync(StoreContext context, CancellationToken cancellationToken) =>
        context.Database.MigrateAsync(cancellationToken);

    /// <summary>Tells those who watch, when the transaction is committed, that a definition has changed.</summary>
    public abstract Task SignalAsync(StoreContext context, CancellationToken cancellationToken);

    /// <summary>Waits on a connection for as long as there is nothing new, and no longer than a poll may take.</summary>
    public abstract Task AwaitChangeAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>A connection to watch changes on, to be disposed.</summary>
    public abstract Task<DbConnection> ConnectWatchAsync(CancellationToken cancellationToken);

    /// <summary>Takes a lock that ends with this process at the latest.</summary>
    /// <returns>The lock; null while somebody else has it.</returns>
    public abstract Task<HeldLock?> TryLockAsync(string name, CancellationToken cancellationToken);

    /// <summary>Keeps transactions that weigh what all replicas used from each other, until the context's transaction ends.</summary>
    public abstract Task LockBudgetsAsync(StoreContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Lets go of pooled connections, which may all be broken: one that is taken from the pool then fails at its first statement.
    /// </summary>
    public virtual void ForgetConnections()
    {
    }

    /// <summary>What a failure means; null for one that is not the database's.</summary>
    protected abstract StoreException? FaultOf(Exception failure);

    /// <summary>Does something, and tells its failures as <see cref="StoreException"/>.</summary>
    /// <param name="operation">What it is, out of few; null for a part of another one, and for what lasts as long as it likes.</param>
    /// <param name="work">Does it.</param>
    public async Task<T> RunAsync<T>(string? operation, Func<Task<T>> work)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var result = await work().ConfigureAwait(false);
            Telemetry?.Note(operation, began, failure: null);
            return result;
        }
        catch (Exception failure) when (Translate(failure) is { } fault)
        {
            Telemetry?.Note(operation, began, fault);
            throw fault;
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(string? operation, Func<Task> work) => RunAsync(operation, async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });

    /// <summary>The same for what cannot wait asynchronously.</summary>
    public T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (Translate(failure) is { } fault)
        {
            throw fault;
        }
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    // EF Core and Data Protection wrap what is thrown below them, once or twice.
    private StoreException? Translate(Exception failure)
    {
        var cause = failure is StoreException or OperationCanceledException ? null : failure;
        for (; cause is not null; cause = cause.InnerException)
        {
            if ((cause as StoreException ?? FaultOf(cause)) is { } fault)
            {
                return fault;
            }
        }

        return failure is DbUpdateException
            ? new StoreException(StoreFault.Failed, "The store's database refused a change.")
            : null;
    }
}
