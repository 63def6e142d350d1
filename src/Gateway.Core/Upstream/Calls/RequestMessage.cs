using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// The bytes of a message on their way to the gRPC client, which takes them when it sends the message, or sends it again. Whoever lent the
/// bytes may use them for something else once this is closed: what comes later finds none, and fails. Thread-safe.
/// </summary>
/// <param name="bytes">The message.</param>
/// <param name="memory">Where a large answer to it is counted; null for nowhere.</param>
internal sealed class RequestMessage(ReadOnlySequence<byte> bytes, IMemoryShare? memory = null)
{
    // Up to here, one copy and one write cost less than several writes.
    private const int MaxCopied = 64 * 1024;

    // gRPC, PROTOCOL-HTTP2.md: whether the message is compressed, and its length.
    private const int PrefixSize = sizeof(byte) + sizeof(uint);

    [ThreadStatic]
    private static RequestMessage? _serialized;

    private readonly Lock _gate = new();
    private ReadOnlySequence<byte> _bytes = bytes;
    private Sending? _sending;
    private bool _closed;

    /// <summary>Where a large answer to the message is counted; null for nowhere.</summary>
    public IMemoryShare? Memory => memory;

    /// <summary>Whether the message is to go out by <see cref="SendAsync"/>, instead of the empty one that the client has.</summary>
    public bool IsLent { get; private set; }

    /// <summary>The message that the client has serialized by <see cref="LendTo"/> on this thread just now; null for none.</summary>
    public static RequestMessage? TakeSerialized()
    {
        var message = _serialized;
        _serialized = null;
        return message;
    }

    /// <summary>Copies the message to where the client wants it.</summary>
    /// <exception cref="OperationCanceledException">The message is closed: its call is over.</exception>
    public void CopyTo(SerializationContext context)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            context.SetPayloadLength(checked((int)_bytes.Length));
            var writer = context.GetBufferWriter();
            foreach (var segment in _bytes)
            {
                writer.Write(segment.Span);
            }
        }

        context.Complete();
    }

    /// <summary>
    /// The same, but in the place of a large message the client gets an empty one: prefix and bytes go out by <see cref="SendAsync"/>, from
    /// where they are. The client would rent an array of up to twice their size as soon as it knew their length, for as long as the peer
    /// takes to read it.
    /// </summary>
    /// <remarks>
    /// The client writes what it has serialized at once, on the same thread; so the stream that it writes to can ask for the message.
    /// Nothing else links the two.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The message is closed: its call is over.</exception>
    public void LendTo(SerializationContext context)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            IsLent = _bytes.Length > MaxCopied;
        }

        if (IsLent)
        {
            context.SetPayloadLength(0);
            context.GetBufferWriter();
            context.Complete();
        }
        else
        {
            CopyTo(context);
        }

        _serialized = this;
    }

    /// <summary>Writes a message that was lent.</summary>
    /// <exception cref="OperationCanceledException">The message is closed, or the token fired: its call is over.</exception>
    public async Task SendAsync(Stream stream, CancellationToken cancellationToken)
    {
        ReadOnlySequence<byte> bytes;
        using var sending = new Sending(cancellationToken);
        lock (_gate)
        {
            ThrowIfClosed();
            bytes = _bytes;
            _sending = sending;
        }

        var prefix = new byte[PrefixSize];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), checked((int)bytes.Length));
        await stream.WriteAsync(prefix, sending.Token);
        foreach (var segment in bytes)
        {
            await stream.WriteAsync(segment, sending.Token);
        }
    }

    /// <summary>Gives the bytes back: when it completes, nobody uses them any more. What is still sent is broken off.</summary>
    public Task CloseAsync()
    {
        Sending? sending;
        lock (_gate)
        {
            _closed = true;
            _bytes = default;
            sending = _sending;
        }

        return sending?.StopAsync() ?? Task.CompletedTask;
    }

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new OperationCanceledException();
        }
    }

    /// <summary>A message that goes out in pieces. A peer that has answered without reading it would keep it waiting for ever.</summary>
    private sealed class Sending(CancellationToken cancellationToken) : IDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken Token => _stop.Token;

        public async Task StopAsync()
        {
            if (!_ended.Task.IsCompleted)
            {
                await _stop.CancelAsync();
                await _ended.Task;
            }
        }

        public void Dispose() => _ended.TrySetResult();
    }
}
