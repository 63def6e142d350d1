using System.Runtime.CompilerServices;

namespace Gateway.Sandbox.Text;

/// <summary>Lets pieces of a stream out one by one, with a pause between two, so that a person sees them arrive.</summary>
internal sealed class TokenPace(TimeSpan delay, TimeProvider time)
{
    /// <summary>The pieces, the first at once. Cancelling ends the pause and with it the making of further pieces.</summary>
    public async IAsyncEnumerable<T> PaceAsync<T>(IEnumerable<T> pieces, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = true;
        foreach (var piece in pieces)
        {
            if (!first && delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            first = false;
            yield return piece;
        }
    }
}
