namespace Gateway.Testing.Http2;

/// <summary>A server that refuses calls with REFUSED_STREAM, which says that it has not touched them, and counts them.</summary>
public sealed class RefusingPeer : IAsyncDisposable
{
    private const uint RefusedStream = 0x7; // RFC 9113, section 7

    private readonly Http2Peer _peer;
    private readonly int _times;
    private int _calls;

    /// <summary>Starts listening.</summary>
    /// <param name="times">How many calls are refused; those after them are answered.</param>
    public RefusingPeer(int times = int.MaxValue)
    {
        _times = times;
        _peer = new Http2Peer(ServeAsync);
    }

    public Uri Address => _peer.Address;

    /// <summary>How many calls have come.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private async Task ServeAsync(Http2PeerConnection connection)
    {
        await connection.OpenAsync();
        while (true)
        {
            var call = await connection.ReadCallAsync();
            if (Interlocked.Increment(ref _calls) <= _times)
            {
                await connection.ResetAsync(call, RefusedStream);
            }
            else
            {
                await connection.AnswerAsync(call);
            }
        }
    }
}
