using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;
using Gateway.Core.Wire;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// What the gRPC client reads a response from: in the place of a large message it reads the name of a <see cref="ReceivedMessage"/>.
/// </summary>
/// <param name="inner">The response as it comes.</param>
/// <param name="request">The request that it answers.</param>
/// <param name="maxMessageBytes">The most bytes of a message; the client refuses what has more.</param>
internal sealed class ReceivedMessageStream(Stream inner, RequestContent request, int maxMessageBytes) : Stream
{
    // gRPC, PROTOCOL-HTTP2.md: whether the message is compressed, and its length.
    private const int PrefixSize = sizeof(byte) + sizeof(uint);

    private long _left; // of the message that the client reads itself
    private Guid? _name;
    private ReadOnlyMemory<byte> _nameLeft;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_nameLeft.IsEmpty)
        {
            return ValueTask.FromResult(ReadName(buffer));
        }

        // The client reads nothing to wait for something, and a message's prefix alone; what is shorter than that is behind the end.
        var isPrefix = _left == 0 && buffer.Length >= PrefixSize;
        if (_left == 0 && !isPrefix)
        {
            return inner.ReadAsync(buffer, cancellationToken);
        }

        var part = isPrefix ? buffer[..PrefixSize] : buffer;
        var reading = inner.ReadAsync(part, cancellationToken);
        if (!reading.IsCompletedSuccessfully)
        {
            return ReadSlowlyAsync(reading, part, isPrefix, cancellationToken);
        }

        var read = reading.Result;
        if (!isPrefix)
        {
            _left -= read;
            return ValueTask.FromResult(read);
        }

        return read == PrefixSize && TryPass(part.Span) ? ValueTask.FromResult(read) : ReadPrefixAsync(part, read, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadSlowlyAsync(
        ValueTask<int> reading, Memory<byte> part, bool isPrefix, CancellationToken cancellationToken)
    {
        var read = await reading;
        if (!isPrefix)
        {
            _left -= read;
            return read;
        }

        return await ReadPrefixAsync(part, read, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadPrefixAsync(Memory<byte> prefix, int read, CancellationToken cancellationToken)
    {
        read += await inner.ReadAtLeastAsync(prefix[read..], prefix.Length - read, throwOnEndOfStream: false, cancellationToken);
        if (read < PrefixSize || TryPass(prefix.Span))
        {
            return read;
        }

        var length = LengthIn(prefix.Span);
        if (request.Memory is { } memory && !await memory.TakeAsync(length, cancellationToken))
        {
            throw new CallFailedException(CallFailures.NoMemory);
        }

        var array = LargeArrays.Pool.Rent((int)length);
        var got = await inner.ReadAtLeastAsync(array.AsMemory(0, (int)length), (int)length, throwOnEndOfStream: false, cancellationToken);
        if (got < length)
        {
            LargeArrays.Pool.Return(array);
            return read; // the client will find the end that we have found, and say so
        }

        Forget();
        _name = ReceivedMessage.Add(array, (int)length);
        _nameLeft = _name.Value.ToByteArray();
        BinaryPrimitives.WriteInt32BigEndian(prefix.Span[1..], ReceivedMessage.NameSize);
        return read;
    }

    // Whether the client is to read the message itself.
    private bool TryPass(ReadOnlySpan<byte> prefix)
    {
        var length = LengthIn(prefix);
        if (prefix[0] == 0 && length > LargeArrays.MaxShared && length <= maxMessageBytes && request.IsOfBytes)
        {
            return false;
        }

        _left = length;
        return true;
    }

    private int ReadName(Memory<byte> buffer)
    {
        var part = _nameLeft[..Math.Min(buffer.Length, _nameLeft.Length)];
        part.CopyTo(buffer);
        _nameLeft = _nameLeft[part.Length..];
        return part.Length;
    }

    private void Forget()
    {
        if (_name is { } name)
        {
            ReceivedMessage.Remove(name);
        }
    }

    private static long LengthIn(ReadOnlySpan<byte> prefix) => BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
}
