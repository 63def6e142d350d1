using Gateway.Store.Databases;
using Gateway.Store.Model;
using Gateway.Store.Protection;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Store.Definitions;

/// <summary>
/// Changes that a client may ask for again when it has seen no answer: the key that comes with them is stored with the answer, in the
/// transaction of the change, for a day. Answers are encrypted, since they may show a new key. Failures of the store are
/// <see cref="StoreException"/>s. Thread-safe.
/// </summary>
public sealed class IdempotentChanges
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly StoreDatabase _database;
    private readonly ChangeRunner _changes;
    private readonly SecretProtector _secrets;

    internal IdempotentChanges(StoreDatabase database, ChangeRunner changes, SecretProtector secrets) =>
        (_database, _changes, _secrets) = (database, changes, secrets);

    /// <summary>Makes a change unless it has been made under that key.</summary>
    /// <param name="key">The client's key.</param>
    /// <param name="requestSha256">A hash of all that makes up the request, in hex.</param>
    /// <param name="change">
    /// Makes the change with what it is given, and with nothing else of the store, and says what to answer. When it fails, nothing is kept,
    /// of the key neither.
    /// </param>
    public Task<IdempotentAnswer> RunAsync(
        string key, string requestSha256, Func<DefinitionStore, Task<SecretText>> change, CancellationToken cancellationToken)
    {
        StoreText.Check(key, nameof(key));
        return _changes.TransactAsync(
            async scope =>
            {
                var oldest = scope.Now - (long)Lifetime.TotalMilliseconds;
                var keys = scope.Context.IdempotencyKeys;
                await keys.Where(row => row.Created < oldest).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
                var known = await keys.AsNoTracking().SingleOrDefaultAsync(row => row.Key == key, cancellationToken).ConfigureAwait(false);
                if (known is not null)
                {
                    return Repeat(known, requestSha256);
                }

                var response = await change(new DefinitionStore(_database, _changes.Within(scope), _secrets)).ConfigureAwait(false);
                keys.Add(new IdempotencyRow
                {
                    Key = key,
                    RequestSha256 = requestSha256,
                    Response = _secrets.Protect(response.Reveal(), "idempotency", key),
                    Created = scope.Now,
                });
                return new IdempotentAnswer(IdempotencyOutcome.First, response);
            },
            answer => answer.Outcome == IdempotencyOutcome.First,
            cancellationToken);
    }

    private IdempotentAnswer Repeat(IdempotencyRow known, string requestSha256) =>
        known.RequestSha256 == requestSha256 && _secrets.Unprotect(known.Response, "idempotency", known.Key) is { } response
        ? new(IdempotencyOutcome.Repeated, new SecretText(response))
        : new(IdempotencyOutcome.OtherRequest, null);
}
