namespace Gateway.Core.Upstream.Credentials;

/// <summary>One attempt that waits for its turn.</summary>
internal sealed class SingleTurn(CredentialPool pool) : TurnWaiter
{
    private readonly TaskCompletionSource<CredentialTurn> _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Take(CredentialTurn turn) => _turn.TrySetResult(turn);

    /// <summary>Waits for the turn.</summary>
    /// <exception cref="OperationCanceledException">The token fired before it came.</exception>
    public async ValueTask<CredentialTurn> WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static (waiter, token) => ((SingleTurn)waiter!).Leave(token), this);
        return await _turn.Task;
    }

    private void Leave(CancellationToken cancellationToken)
    {
        pool.Leave(this);
        _turn.TrySetCanceled(cancellationToken); // unless the turn came just now
    }
}
