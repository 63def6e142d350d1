using System.Diagnostics.CodeAnalysis;

namespace Gateway.Core.Upstream.Credentials;

/// <summary>
/// Gives each attempt of each call what it is made with, when its turn has come. A lone <see cref="Pat"/> is a source that never waits; a
/// <see cref="CredentialPool"/> keeps to what the accounts allow. Thread-safe.
/// </summary>
public interface ICredentialSource
{
    /// <summary>Takes a turn that is free now. Allocates nothing.</summary>
    /// <param name="credential">What to make the attempt with.</param>
    /// <returns>False when there is none: then <see cref="TakeAsync"/> waits for one.</returns>
    bool TryTake([NotNullWhen(true)] out Pat? credential);

    /// <summary>Waits for a turn, but not for ever. Those who came first get theirs first.</summary>
    /// <param name="timeLeft">
    /// How long the caller will wait before it leaves, so that it can be told at once when that is too short; null for as long as the
    /// source lets anybody wait.
    /// </param>
    /// <param name="cancellationToken">Leaves the queue.</param>
    /// <returns>The turn; or why there is none, as soon as that is known.</returns>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    ValueTask<CredentialTurn> TakeAsync(TimeSpan? timeLeft, CancellationToken cancellationToken);
}
