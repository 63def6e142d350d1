using System.Buffers;
using Gateway.Grpc.Messages;

namespace Gateway.Grpc;

/// <summary>
/// The bytes of one message in one pooled array. Its holder disposes it, once or more often; the memory must not be used after.
/// </summary>
public sealed class Payload : IDisposable
{
    private readonly int? _unpackLimit;
    private byte[]? _array;
    private MessageReadResult _unpacked;

    /// <summary>Takes over an array rented from the shared pool.</summary>
    /// <param name="rented">The array.</param>
    /// <param name="length">How many of its bytes are the payload's.</param>
    /// <param name="unpackLimit">The most bytes of the message that is packed in them; null when they are the message itself.</param>
    internal Payload(byte[] rented, int length, int? unpackLimit = null)
    {
        _array = rented;
        _unpackLimit = unpackLimit;
        Length = length;
    }

    /// <summary>The number of bytes.</summary>
    public int Length { get; }

    /// <summary>Whether the peer sent the message compressed.</summary>
    public bool WasCompressed { get => field || IsCompressed; internal init; }

    /// <summary>Whether the bytes here still are compressed, as they came: only in calls that pass through (<see cref="PassThrough"/>).</summary>
    public bool IsCompressed => _unpackLimit is not null;

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The payload was disposed.</exception>
    public ReadOnlyMemory<byte> Memory => Array.AsMemory(0, Length);

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The payload was disposed.</exception>
    public ReadOnlySpan<byte> Span => Array.AsSpan(0, Length);

    internal byte[] Array => _array ?? throw new ObjectDisposedException(nameof(Payload));

    /// <summary>Copies bytes into a payload of their own.</summary>
    public static Payload CopyOf(ReadOnlySpan<byte> bytes)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(array);
        return new Payload(array, bytes.Length);
    }

    /// <summary>Copies bytes into a payload of their own.</summary>
    /// <exception cref="OverflowException">The sequence is longer than an array can be.</exception>
    public static Payload CopyOf(in ReadOnlySequence<byte> bytes)
    {
        int length = checked((int)bytes.Length);
        byte[] array = ArrayPool<byte>.Shared.Rent(length);
        bytes.CopyTo(array);
        return new Payload(array, length);
    }

    /// <summary>
    /// The message itself: these bytes or, where they are compressed, what is packed in them. Only the first use unpacks. One use at a time.
    /// </summary>
    /// <param name="message">The message, in memory that is the payload's; empty when it cannot be had.</param>
    /// <returns>Why it cannot: it is broken, or unpacked over the limit of received messages. Null when it is here.</returns>
    /// <exception cref="ObjectDisposedException">The payload was disposed.</exception>
    public GrpcStatus? Unpack(out ReadOnlyMemory<byte> message)
    {
        message = Memory;
        if (_unpackLimit is not { } limit) return null;
        if (_unpacked is { Message: null, Failure: null }) _unpacked = Gzip.Decompress(this, limit);
        message = _unpacked.Message?.Memory ?? default;
        return _unpacked.Failure;
    }

    /// <summary>Gives the array back to the pool.</summary>
    public void Dispose()
    {
        _unpacked.Message?.Dispose();
        if (Interlocked.Exchange(ref _array, null) is { } array) ArrayPool<byte>.Shared.Return(array);
    }
}
