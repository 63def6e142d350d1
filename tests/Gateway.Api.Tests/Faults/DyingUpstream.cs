using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Gateway.Testing.Http2;
using Google.Protobuf;

namespace Gateway.Api.Tests.Faults;

/// <summary>An upstream that serves every call up to the same stage, and dies there.</summary>
internal sealed class DyingUpstream : IAsyncDisposable
{
    private const uint InternalError = 0x2; // RFC 9113, section 7
    private const uint EnhanceYourCalm = 0xb;

    private readonly Manner _how;
    private readonly Stage _when;
    private readonly Http2Peer _peer;
    private readonly TaskCompletionSource _firstMessageSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public DyingUpstream(Manner how, Stage when)
    {
        _how = how;
        _when = when;
        _peer = new Http2Peer(ServeAsync);
        Address = how == Manner.RefusesConnection ? Nobody.At() : _peer.Address;
    }

    public Uri Address { get; }

    /// <summary>How many calls have come.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Lets it die after the first message: what was sent before may else be lost with the connection.</summary>
    public void FirstMessageSeen() => _firstMessageSeen.TrySetResult();

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private static byte[] Message(string text)
    {
        var bytes = StreamTesting.Response(text).ToByteArray();
        return [0, 0, 0, 0, (byte)bytes.Length, .. bytes];
    }

    private async Task ServeAsync(Http2PeerConnection connection)
    {
        var stream = 0;
        if (_when == Stage.Connecting)
        {
            await connection.ReadPrefaceAsync();
        }
        else
        {
            await connection.OpenAsync();
            stream = await connection.ReadCallAsync();
            await connection.ReadRequestAsync(stream);
            Interlocked.Increment(ref _calls);
            await AnswerAsync(connection, stream);
        }

        await DieAsync(connection, stream);
    }

    private async Task AnswerAsync(Http2PeerConnection connection, int stream)
    {
        var message = Message("one");
        if (_when >= Stage.AfterHeaders)
        {
            await connection.WriteHeadersAsync(stream);
        }

        if (_when == Stage.InsideFirstMessage)
        {
            await connection.WriteDataAsync(stream, message[..^3]);
        }

        if (_when >= Stage.AfterFirstMessage)
        {
            await connection.WriteDataAsync(stream, message);
            await _firstMessageSeen.Task;
        }

        if (_when == Stage.InsideSecondMessage)
        {
            await connection.WriteDataAsync(stream, message[..^3]);
        }
    }

    private async Task DieAsync(Http2PeerConnection connection, int stream)
    {
        switch (_how)
        {
            case Manner.SpeaksHttp1:
                await connection.WriteRawAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                break;
            case Manner.Closes:
                connection.Dispose();
                break;
            case Manner.Resets:
                connection.Abort();
                break;
            case Manner.ShutsDown:
                await connection.GoAwayAsync(stream, EnhanceYourCalm);
                connection.Dispose();
                break;
            case Manner.ResetsStream:
                await connection.ResetAsync(stream, InternalError);
                break;
            case Manner.EndsStream:
                await connection.WriteAsync(Http2FrameType.Data, Http2Frame.EndStream, stream, []);
                break;
        }
    }
}
