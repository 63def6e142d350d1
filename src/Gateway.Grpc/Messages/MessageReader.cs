using System.Runtime.CompilerServices;

namespace Gateway.Grpc.Messages;

/// <summary>Reads the messages of one stream, each into one pooled array. One read at a time.</summary>
/// <param name="stream">The body of a request or response.</param>
/// <param name="limit">The most bytes of one message.</param>
/// <param name="gzip">Whether compressed messages are gzip; otherwise they are refused.</param>
/// <param name="unpacks">Whether compressed messages are unpacked; otherwise they stay as they are.</param>
internal sealed class MessageReader(Stream stream, int limit, bool gzip, bool unpacks = true)
{
    // A peer names a length before it sends a byte: up to here it is believed, beyond the array grows as bytes arrive.
    private const int TrustedLength = 1024 * 1024;

    private readonly byte[] _prefix = new byte[MessagePrefix.Size];

    /// <summary>Reads the next message; failures of the stream itself are thrown as the stream throws them.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<MessageReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        int read = await ReadAllAsync(_prefix, cancellationToken);
        if (read == 0) return default;
        if (read < MessagePrefix.Size) return MessageFailures.Truncated;
        if (!MessagePrefix.TryRead(_prefix, out bool compressed, out uint length)) return MessageFailures.BadPrefix;
        if (length > limit) return MessageFailures.ReceivedTooLarge(length, limit);
        if (compressed && !gzip) return MessageFailures.NoEncoding;

        Payload? message = await ReadBytesAsync((int)length, compressed ? limit : null, cancellationToken);
        if (message is null) return MessageFailures.Truncated;
        if (!compressed || !unpacks) return message;
        using (message) return Gzip.Decompress(message, limit);
    }

    // Fewer bytes than asked for: the stream has ended.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadAllAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int filled = 0;
        while (filled < destination.Length)
        {
            int read = await stream.ReadAsync(destination[filled..], cancellationToken);
            if (read == 0) break;
            filled += read;
        }

        return filled;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Payload?> ReadBytesAsync(int length, int? unpackLimit, CancellationToken cancellationToken)
    {
        byte[]? array = PooledArray.Rent(Math.Min(length, TrustedLength));
        try
        {
            for (int filled = 0; filled < length;)
            {
                if (filled == array.Length) PooledArray.Grow(ref array, filled, length);
                Memory<byte> free = array.AsMemory(filled, Math.Min(array.Length, length) - filled);
                if (await ReadAllAsync(free, cancellationToken) < free.Length) return null;
                filled += free.Length;
            }

            var message = new Payload(array, length, unpackLimit);
            array = null;
            return message;
        }
        finally
        {
            if (array is not null) PooledArray.Return(array);
        }
    }
}
