using System.Buffers;
using Gateway.Core.Schema;
using Gateway.Core.Wire;
using Grpc.Core;
using StatusCode = Clarifai.Api.Status.StatusCode;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// The bytes of one response message in one pooled array, and the status that they state. Its holder disposes it, once or more often; the
/// memory must not be used after.
/// </summary>
public sealed class Payload : IDisposable
{
    private byte[]? _array;

    private Payload(byte[] rented, int length, in ResponseStatus status, bool isPacked = false)
    {
        _array = rented;
        Length = length;
        Status = status;
        IsPacked = isPacked;
    }

    /// <summary>The number of bytes.</summary>
    public int Length { get; }

    /// <summary>What the message says of its call's outcome; nothing where it has no status.</summary>
    public ResponseStatus Status { get; }

    /// <summary>Whether the bytes are in the coding that their call names, and no message yet.</summary>
    public bool IsPacked { get; }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The payload was disposed.</exception>
    public ReadOnlyMemory<byte> Memory => Array.AsMemory(0, Length);

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The payload was disposed.</exception>
    public ReadOnlySpan<byte> Span => Array.AsSpan(0, Length);

    private byte[] Array => _array ?? throw new ObjectDisposedException(nameof(Payload));

    /// <summary>Copies a message into a payload of its own.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="status">What it says of its call's outcome.</param>
    /// <param name="isPacked">Whether it is in the coding that its call names.</param>
    /// <exception cref="OverflowException">The message is longer than an array can be.</exception>
    public static Payload CopyOf(in ReadOnlySequence<byte> bytes, in ResponseStatus status, bool isPacked = false)
    {
        var (array, length) = Rent(bytes);
        return new Payload(array, length, status, isPacked);
    }

    /// <summary>Makes a payload for its holder to fill.</summary>
    /// <param name="length">The number of bytes.</param>
    /// <param name="memory">Where they go.</param>
    public static Payload Rent(int length, out Memory<byte> memory)
    {
        var array = LargeArrays.Pool.Rent(length);
        memory = array.AsMemory(0, length);
        return new Payload(array, length, default);
    }

    /// <summary>Makes a response, and reads its status.</summary>
    /// <param name="rpc">What it answers.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="state">What they are made of.</param>
    /// <param name="write">Writes them all.</param>
    internal static Payload Write<TState>(RpcPlan rpc, int length, TState state, SpanAction<byte, TState> write)
    {
        var array = LargeArrays.Pool.Rent(length);
        write(array.AsSpan(0, length), state);
        return new Payload(array, length, ResponseStatus.Read(rpc, array.AsSpan(0, length)));
    }

    /// <summary>Copies a response out of the client's memory, and reads its status.</summary>
    internal static Payload Read(RpcPlan rpc, DeserializationContext context)
    {
        var bytes = context.PayloadAsReadOnlySequence();
        var (array, length) = ReceivedMessage.Take(bytes) ?? Rent(bytes);
        return new Payload(array, length, ResponseStatus.Read(rpc, array.AsSpan(0, length)));
    }

    /// <summary>Masks a credential where a message that speaks of a failure repeats it.</summary>
    internal void Hide(Pat? credential)
    {
        if (Status.Code is not (0 or (int)StatusCode.Success))
        {
            credential?.Hide(Array.AsSpan(0, Length));
        }
    }

    /// <summary>Gives the array back to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            LargeArrays.Pool.Return(array);
        }
    }

    private static (byte[] Array, int Length) Rent(in ReadOnlySequence<byte> bytes)
    {
        var length = checked((int)bytes.Length);
        var array = LargeArrays.Pool.Rent(length);
        bytes.CopyTo(array);
        return (array, length);
    }
}
