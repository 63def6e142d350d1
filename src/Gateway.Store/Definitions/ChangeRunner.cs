using Gateway.Store.Databases;
using Gateway.Store.Model;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Definitions;

/// <summary>
/// Makes changes of definitions: one at a time in all replicas, each in a transaction with its row of the audit log and the signal to those
/// who watch. What is read in one can therefore be relied on.
/// </summary>
internal sealed class ChangeRunner(StoreDatabase database, TimeProvider time)
{
    // The change that all others are a part of; null for a transaction each.
    private readonly ChangeScope? _whole;

    private ChangeRunner(StoreDatabase database, TimeProvider time, ChangeScope whole)
        : this(database, time) => _whole = whole;

    /// <summary>The time of changes.</summary>
    public TimeProvider Time => time;

    /// <summary>A runner whose changes are all part of one, and are kept or dropped with it.</summary>
    public ChangeRunner Within(ChangeScope whole) => new(database, time, whole);

    /// <summary>Does what needs no line in the audit log, as reading; in the change that this is part of, if there is one.</summary>
    public Task<T> WithContextAsync<T>(Func<StoreContext, Task<T>> work) =>
        database.RunAsync(_whole is null ? "definitions.read" : null, async () =>
    {
        if (_whole is not null)
        {
            return await work(_whole.Context).ConfigureAwait(false);
        }

        await using var context = database.NewContext();
        return await work(context).ConfigureAwait(false);
    });

    /// <summary>Makes a change of one thing; nothing is kept unless it is <see cref="StoreOutcome.Done"/>.</summary>
    public Task<StoreResult<T>> ChangeAsync<T>(Func<ChangeScope, Task<StoreResult<T>>> change, CancellationToken cancellationToken)
        where T : class =>
        _whole is null
        ? TransactAsync(change, result => result.Outcome == StoreOutcome.Done, cancellationToken)
        : database.RunAsync(null, async () =>
        {
            var result = await change(_whole).ConfigureAwait(false);
            await _whole.Context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return result;
        });

    /// <summary>Makes a change.</summary>
    /// <param name="change">Makes it; it is saved after that.</param>
    /// <param name="isKept">Whether it is to be kept.</param>
    public Task<T> TransactAsync<T>(Func<ChangeScope, Task<T>> change, Func<T, bool> isKept, CancellationToken cancellationToken) =>
        database.RunAsync("definitions.change", async () =>
        {
            await using var context = database.NewContext();
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await context.ChangeSignal // first: whoever else changes something waits here
                .ExecuteUpdateAsync(signal => signal.SetProperty(row => row.Revision, row => row.Revision + 1), cancellationToken)
                .ConfigureAwait(false);
            var result = await change(new ChangeScope(context, UnixTime.Now(time))).ConfigureAwait(false);
            if (isKept(result))
            {
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                await database.SignalAsync(context, cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            }

            return result;
        });
}
