using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Credentials;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>Turns that a test hands out one by one.</summary>
internal sealed class GatedCredentials(params CredentialTurn[] free) : ICredentialSource
{
    private readonly Queue<CredentialTurn> _free = new(free);
    private readonly Channel<CredentialTurn> _turns = Channel.CreateUnbounded<CredentialTurn>();
    private readonly Channel<TimeSpan?> _waiting = Channel.CreateUnbounded<TimeSpan?>();

    public int Taken { get; private set; }

    public bool TryTake([NotNullWhen(true)] out Pat? credential)
    {
        credential = _free.TryDequeue(out var turn) ? turn.Credential : null;
        Taken += credential is null ? 0 : 1;
        return credential is not null;
    }

    public async ValueTask<CredentialTurn> TakeAsync(TimeSpan? timeLeft, CancellationToken cancellationToken)
    {
        _waiting.Writer.TryWrite(timeLeft);
        var turn = await _turns.Reader.ReadAsync(cancellationToken);
        Taken++;
        return turn;
    }

    /// <summary>Completes when somebody waits for a turn; tells how long it may.</summary>
    public ValueTask<TimeSpan?> SomebodyWaitsAsync() => _waiting.Reader.ReadAsync();

    public void Give(CredentialTurn turn) => _turns.Writer.TryWrite(turn);
}
