using Gateway.Testing.Http2;

namespace Gateway.Api.Tests.Faults;

/// <summary>An upstream that begins its answer, and then waits for the call to be reset.</summary>
internal sealed class WatchfulUpstream : IAsyncDisposable
{
    private const int MaxFrame = 16 * 1024; // RFC 9113, section 6.5.2, as long as nobody says otherwise

    private readonly Http2Peer _peer;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<uint> _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts listening.</summary>
    /// <param name="answer">The message to answer with, within a stream's first window; empty for none, and no headers.</param>
    /// <param name="readsToTheEnd">Whether the answer waits for the end of the request.</param>
    public WatchfulUpstream(byte[] answer, bool readsToTheEnd = true) => _peer = new Http2Peer(async connection =>
    {
        await connection.OpenAsync();
        var stream = await connection.ReadCallAsync();
        if (readsToTheEnd)
        {
            await connection.ReadRequestAsync(stream);
        }

        if (answer.Length > 0)
        {
            await AnswerAsync(connection, stream, answer);
        }

        _asked.SetResult();
        _reset.SetResult(await connection.ReadResetAsync(stream));
    });

    public Uri Address => _peer.Address;

    /// <summary>Completes when the call has come, and its answer has begun.</summary>
    public Task Asked => _asked.Task;

    /// <summary>The error code that the call's stream was reset with.</summary>
    public Task<uint> Reset => _reset.Task;

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private static async Task AnswerAsync(Http2PeerConnection connection, int stream, byte[] answer)
    {
        await connection.WriteHeadersAsync(stream);
        byte[] message = [0, (byte)(answer.Length >> 24), (byte)(answer.Length >> 16), (byte)(answer.Length >> 8), (byte)answer.Length, .. answer];
        foreach (var frame in message.Chunk(MaxFrame))
        {
            await connection.WriteDataAsync(stream, frame);
        }
    }
}
