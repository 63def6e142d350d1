using System.Buffers;
using System.Runtime.CompilerServices;

namespace Gateway.Grpc.Messages;

/// <summary>Writes messages with their prefix. The message's bytes are not used after the returned task completes.</summary>
internal static class MessageWriter
{
    // Up to here copying is cheaper than a second write; two HTTP/2 frames of the usual 16 KiB.
    private const int CopiedLength = 32 * 1024;

    public static ValueTask WriteAsync(Stream stream, in GrpcMessage message, bool gzip, CancellationToken cancellationToken)
    {
        if (gzip && !message.IsCompressed && !message.Bytes.IsEmpty) return WritePackedAsync(stream, message.Bytes, cancellationToken);
        return message.Bytes.Length <= CopiedLength
            ? WriteCopyAsync(stream, message.Bytes, message.IsCompressed, cancellationToken)
            : WriteSegmentsAsync(stream, message.Bytes, message.IsCompressed, cancellationToken);
    }

    private static async ValueTask WritePackedAsync(Stream stream, ReadOnlySequence<byte> message, CancellationToken cancellationToken)
    {
        using Payload packed = Gzip.Compress(message);
        await WriteAsync(stream, new GrpcMessage(packed.Memory) { IsCompressed = true }, gzip: false, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask WriteCopyAsync(
        Stream stream, ReadOnlySequence<byte> message, bool compressed, CancellationToken cancellationToken)
    {
        int length = MessagePrefix.Size + (int)message.Length;
        byte[] framed = PooledArray.Rent(length);
        try
        {
            MessagePrefix.Write(framed, compressed, message.Length);
            message.CopyTo(framed.AsSpan(MessagePrefix.Size));
            await stream.WriteAsync(framed.AsMemory(0, length), cancellationToken);
        }
        finally
        {
            PooledArray.Return(framed);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask WriteSegmentsAsync(
        Stream stream, ReadOnlySequence<byte> message, bool compressed, CancellationToken cancellationToken)
    {
        byte[] prefix = PooledArray.Rent(MessagePrefix.Size);
        try
        {
            MessagePrefix.Write(prefix, compressed, message.Length);
            await stream.WriteAsync(prefix.AsMemory(0, MessagePrefix.Size), cancellationToken);
            foreach (ReadOnlyMemory<byte> segment in message) await stream.WriteAsync(segment, cancellationToken);
        }
        finally
        {
            PooledArray.Return(prefix);
        }
    }
}
