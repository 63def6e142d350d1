using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// The bytes below HTTP/2, heeded where a connection begins and where it ends.
/// <para>
/// It holds a new connection back until the server's first frame was read: SETTINGS, with its limit of streams (RFC 9113, section 3.4).
/// Without it the handler takes that limit for 100, and a server with a lower one refuses what is over it, again on the next connection,
/// and so on until calls fail. It also makes the handshake count as connecting, which has a time limit.
/// </para>
/// <para>
/// It keeps a write's failure to itself, as reading tells the same, but not before what the server said last: GOAWAY, with the last
/// call that it took, and answers. The handler throws these away when a write fails, and then fails calls that could be made again.
/// </para>
/// </summary>
/// <param name="inner">TCP, or TLS on it.</param>
internal sealed class ConnectionStream(Stream inner) : Stream
{
    private const int FrameHeaderSize = 9; // RFC 9113, section 4.1: length (24 bits), type, flags, stream (32 bits)
    private const int FrameTypeOffset = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const string Closed = "it closed the connection before a call could be sent";

    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _header = new byte[FrameHeaderSize];
    private int _received; // bytes so far, until there is a first frame

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    private bool HasFirstFrame =>
        _received >= FrameHeaderSize && _received >= FrameHeaderSize + (BinaryPrimitives.ReadInt32BigEndian(_header) >> 8);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _settled.Task.IsCompleted ? inner.ReadAsync(buffer, cancellationToken) : ReadHandshakeAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _settled.Task.IsCompletedSuccessfully
            ? WriteQuietlyAsync(buffer, cancellationToken)
            : WriteHandshakeAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Fail(Closed);
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadHandshakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Whoever asks for more has made use of what it has.
        if (HasFirstFrame)
        {
            _settled.TrySetResult();
        }

        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (!_settled.Task.IsCompleted)
        {
            Note(buffer.Span[..read]);
        }

        return read;
    }

    private async ValueTask WriteHandshakeAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            Fail(Closed); // unless reading has found out more
        }

        await _settled.Task.WaitAsync(cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteQuietlyAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            // Reading fails too, when it has come to the end.
        }
    }

    private void Note(ReadOnlySpan<byte> bytes)
    {
        if (_received < FrameHeaderSize)
        {
            bytes[..Math.Min(bytes.Length, FrameHeaderSize - _received)].CopyTo(_header.AsSpan(_received));
        }

        _received += bytes.Length;
        if (_received > FrameTypeOffset && _header[FrameTypeOffset] is not (Settings or GoAway))
        {
            Fail("it does not speak HTTP/2");
        }
    }

    private void Fail(string message)
    {
        if (_settled.TrySetException(new HandshakeException(message)))
        {
            _ = _settled.Task.Exception; // nobody may be waiting
        }
    }
}
