using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Gateway.Grpc.Messages;

/// <summary>Messages to and from gzip (RFC 1952).</summary>
internal static class Gzip
{
    private const int FirstOutputSize = 1024;

    // The first guess at how far a message unpacks: it only spares growing.
    private const int UsualRatio = 4;

    public static Payload Compress(in ReadOnlySequence<byte> message)
    {
        using var output = new PooledStream(FirstOutputSize);
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (ReadOnlyMemory<byte> segment in message) gzip.Write(segment.Span);
        }

        return output.Detach();
    }

    /// <summary>Unpacks a message of at most <paramref name="limit"/> bytes: a small message may hold a huge one.</summary>
    public static MessageReadResult Decompress(Payload compressed, int limit)
    {
        // GZipStream checks what it finds, and takes a stream that breaks off for one that ends.
        if (!TryReadUnpackedLength(compressed.Span, out uint expected)) return MessageFailures.BrokenGzip;
        using var gzip = new GZipStream(new MemoryStream(compressed.Array, 0, compressed.Length, writable: false), CompressionMode.Decompress);
        try
        {
            int firstSize = (int)Math.Clamp(compressed.Length * (long)UsualRatio, 1, Math.Max(limit, 1));
            MessageReadResult unpacked = Unpack(gzip, firstSize, limit);
            if (unpacked.Message is not { } message || message.Length == expected) return unpacked;
            message.Dispose();
            return MessageFailures.BrokenGzip;
        }
        catch (InvalidDataException)
        {
            return MessageFailures.BrokenGzip;
        }
    }

    // RFC 1952, section 2.3.1: the last four bytes are the unpacked length, little-endian. No bytes at all are an empty message:
    // GZipStream itself writes it so.
    private static bool TryReadUnpackedLength(ReadOnlySpan<byte> packed, out uint length)
    {
        length = 0;
        return packed.IsEmpty || (packed.Length > sizeof(uint) && BinaryPrimitives.TryReadUInt32LittleEndian(packed[^sizeof(uint)..], out length));
    }

    private static MessageReadResult Unpack(GZipStream gzip, int firstSize, int limit)
    {
        byte[]? array = PooledArray.Rent(firstSize);
        try
        {
            int length = 0;
            while (true)
            {
                int read = gzip.Read(array, length, array.Length - length);
                length += read;
                if (length > limit) return MessageFailures.UnpackedTooLarge(limit);
                if (read == 0 && length < array.Length) break;
                if (length == array.Length) PooledArray.Grow(ref array, length, Array.MaxLength);
            }

            var message = new Payload(array, length) { WasCompressed = true };
            array = null;
            return message;
        }
        finally
        {
            if (array is not null) PooledArray.Return(array);
        }
    }
}
