using Gateway.Store.Databases;
using Gateway.Store.Model;
using Gateway.Store.Protection;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store;

/// <summary>What is done to a store before it is used, by one process at a time.</summary>
internal static class StoreOpening
{
    private const string LockName = "_open"; // no other lock has such a name: see StoreLocks

    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(2);

    /// <returns>What reads the store's secrets.</returns>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public static Task<SecretProtector> RunAsync(
        StoreDatabase database, StoreConnection connection, TimeProvider time, CancellationToken cancellationToken) =>
        database.RunAsync("open", async () =>
    {
        await using var opening = await TakeLockAsync(database, time, cancellationToken).ConfigureAwait(false);
        await using var context = database.NewContext();
        await MigrateAsync(database, context, cancellationToken).ConfigureAwait(false);
        await TidyAsync(context, UnixTime.Now(time), cancellationToken).ConfigureAwait(false);
        var hasRing = await context.ProtectionKeys.AnyAsync(cancellationToken).ConfigureAwait(false);
        return SecretProtector.Open(database, mayCreate => LoadMasterKey(connection, mayCreate), hasRing);
    });

    private static async Task<HeldLock> TakeLockAsync(StoreDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await database.TryLockAsync(LockName, cancellationToken).ConfigureAwait(false) is { } opening)
            {
                return opening;
            }

            if (time.GetElapsedTime(start) > LockTimeout)
            {
                throw new StoreException(StoreFault.Busy, "Another process opens the store, and does not come to an end with it.");
            }

            await Task.Delay(LockPoll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task MigrateAsync(StoreDatabase database, StoreContext context, CancellationToken cancellationToken)
    {
        await database.PrepareAsync(context, cancellationToken).ConfigureAwait(false);
        var applied = await context.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false);
        var known = context.Database.GetMigrations();
        if (applied.Except(known).Any())
        {
            throw new StoreException(
                StoreFault.NewerSchema,
                "A later version of the gateway has updated the store; this version does not know what it holds now.");
        }

        if (known.Except(applied).Any())
        {
            await database.MigrateAsync(context, cancellationToken).ConfigureAwait(false);
        }
    }

    // What nobody misses: buckets that are full again, as new ones are, and the batches of processes that ended long ago.
    private static async Task TidyAsync(StoreContext context, long now, CancellationToken cancellationToken)
    {
        var aDayAgo = now - (long)TimeSpan.FromDays(1).TotalMilliseconds;
        var aMonthAgo = now - (long)TimeSpan.FromDays(30).TotalMilliseconds;
        await context.Leases.Where(row => row.Updated < aDayAgo && row.Tokens + (row.Rate * (now - row.Updated) / 1000) >= row.Capacity)
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await context.UsageBatches.Where(row => row.Updated < aMonthAgo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static IMasterKey LoadMasterKey(StoreConnection connection, bool mayCreate) => connection switch
    {
        { CertificateFile: { } certificate } => CertificateMasterKey.Load(certificate, connection.CertificateKeyFile),
        { MasterKeyFile: { } file } => FileMasterKey.Load(file, mayCreate),
        _ => throw new StoreException(
            StoreFault.Misconfigured,
            "Neither Gateway:Store:MasterKeyFile nor Gateway:Store:CertificateFile says what the store's secrets are encrypted with."),
    };
}
