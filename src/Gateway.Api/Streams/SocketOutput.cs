using System.Buffers;
using System.Net.WebSockets;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Core.Wire;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Streams;

/// <summary>
/// Answers over a WebSocket: a text message each, then the last record as one more, then the close frame. A client that takes nothing for
/// too long is cut off.
/// </summary>
/// <param name="socket">The socket; stays the caller's.</param>
/// <param name="writers">Writers of messages.</param>
internal sealed class SocketOutput(HttpContext http, WebSocket socket, ObjectPool<ResponseWriter> writers) : IMessageOutput
{
    private bool _insideMessage;

    /// <summary>Never: the response of a WebSocket starts with its handshake.</summary>
    public ValueTask<bool> TryWithdrawAsync() => ValueTask.FromResult(false);

    public async ValueTask<bool> WriteAsync(StreamRecord record)
    {
        var writer = writers.Get();
        try
        {
            return await writer.WriteTextAsync(record, this);
        }
        finally
        {
            writers.Return(writer);
        }
    }

    /// <summary>Nothing: each record goes out as it is written, in a frame of its own.</summary>
    public ValueTask FlushAsync() => ValueTask.CompletedTask;

    /// <summary>Nothing: the messages of a WebSocket have no numbers.</summary>
    public void Skip()
    {
    }

    /// <summary>Sends text: a whole message or a fragment of one.</summary>
    /// <param name="text">UTF-8; stays the caller's.</param>
    /// <param name="endsMessage">Whether the message ends with it.</param>
    public async ValueTask SendAsync(ReadOnlySequence<byte> text, bool endsMessage)
    {
        var position = text.Start;
        while (text.TryGet(ref position, out var segment))
        {
            _insideMessage = !endsMessage || position.GetObject() is not null;
            await ResponseFlow.SendAsync(
                http, segment.Length, socket.SendAsync(segment, WebSocketMessageType.Text, !_insideMessage, http.RequestAborted));
        }
    }

    /// <summary>Sends the last record and the close frame; to a client that said that it leaves, only the latter.</summary>
    /// <param name="failure">Why the stream failed; null when it ended well.</param>
    public async ValueTask EndAsync(ApiError? failure)
    {
        using var last = new WireWriter();
        ErrorWriter.WriteLast(http, last, failure);
        if (socket.State == WebSocketState.Open && !_insideMessage)
        {
            await SendAsync(last.Written, endsMessage: true);
        }

        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await ResponseFlow.SendAsync(
                http, 0, new ValueTask(socket.CloseOutputAsync(CloseCode.Of(failure), CloseCode.ReasonOf(failure), http.RequestAborted)));
        }
    }
}
