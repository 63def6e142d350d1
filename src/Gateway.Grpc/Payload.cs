using System.Buffers;

namespace Gateway.Grpc;

/// <summary>
/// The bytes of one message in one pooled array. Its holder disposes it, once or more often; the memory must not be used after.
/// </summary>
public sealed class Payload : IDisposable
{
    private byte[]? _array;

    /// <summary>Takes over an array rented from the shared pool.</summary>
    internal Payload(byte[] rented, int length)
    {
        _array = rented;
        Length = length;
    }

    /// <summary>The number of bytes.</summary>
    public int Length { get; }

    /// <summary>Whether the peer sent the message compressed; its bytes here never are.</summary>
    public bool WasCompressed { get; internal init; }

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

    /// <summary>Gives the array back to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array) ArrayPool<byte>.Shared.Return(array);
    }
}
