using System.Buffers;
using System.Net.WebSockets;
using Gateway.Api.Errors;
using Gateway.Api.Logging;
using Gateway.Api.Memory;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Streams;

/// <summary>
/// Request messages from a WebSocket: each of its messages is one, text or binary. An empty one, which is no JSON, ends the
/// request, as WebSockets have no half-close; a close frame cancels the call. Fragments are read as they come.
/// </summary>
internal sealed class SocketMessages : IRequestMessages, IAsyncDisposable
{
    private const int ChunkSize = 16 * 1024;

    // For the client's own close frame, once ours is sent (RFC 6455, 7.1.1).
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly IMessageReader _request;
    private readonly RequestRecord _record;
    private readonly ByteShare _share;
    private readonly CancellationTokenSource _patience;
    private long _number;
    private long _length;

    /// <summary>Makes a reader of a socket's messages.</summary>
    /// <param name="socket">The socket; stays the caller's.</param>
    /// <param name="request">Reads the messages; stays the caller's.</param>
    public SocketMessages(WebSocket socket, HttpContext http, IMessageReader request, TimeProvider time)
    {
        _socket = socket;
        _request = request;
        _record = RequestRecord.Of(http);
        _share = http.Features.GetRequiredFeature<ByteShare>();
        _patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
    }

    public ReadOnlySequence<byte> Message => _request.Message;

    public ApiError? Failure { get; private set; }

    public async ValueTask<bool> ReadAsync()
    {
        _request.Begin();
        _share.Release();
        _number++;
        _length = 0;

        // Waits without a buffer, as most sockets do most of the time.
        var received = await _socket.ReceiveAsync(Memory<byte>.Empty, _patience.Token);
        if (!received.EndOfMessage && received.MessageType != WebSocketMessageType.Close)
        {
            received = await ReceiveAsync();
        }

        if (received.MessageType == WebSocketMessageType.Close)
        {
            Failure = ApiErrors.ClientLeft;
            return false;
        }

        return Failure is null && _length > 0 && Complete();
    }

    /// <summary>Waits for the client's close frame for a while once ours is sent; otherwise gives the socket up.</summary>
    public void StopReading()
    {
        if (_socket.State == WebSocketState.CloseSent)
        {
            _patience.CancelAfter(CloseTimeout);
        }
        else
        {
            _patience.Cancel();
        }
    }

    /// <summary>
    /// Reads to the client's close frame: closing a connection with unread bytes in it would destroy what is on its way to the client.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (_socket.State == WebSocketState.CloseSent)
            {
                await _socket.ReceiveAsync(buffer.AsMemory(), _patience.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The client went without a word, or said none for too long.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _patience.Dispose();
        }
    }

    // To the end of the message, or to where it cannot be read.
    private async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), _patience.Token);
                _length += received.Count;
                _record.RequestBytes += received.Count;
                if (!await _share.TakeAsync(received.Count, _patience.Token))
                {
                    Failure = ApiErrors.InMessage(_number, ApiErrors.OutOfMemory);
                    return received;
                }

                if (_length > _request.MaxBytes || !_request.Feed(buffer.AsSpan(0, received.Count))
                    || received.EndOfMessage || received.MessageType == WebSocketMessageType.Close)
                {
                    return received;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool Complete()
    {
        Failure = OneOfMany.Complete(_request, _number, _length);
        return Failure is null;
    }
}
