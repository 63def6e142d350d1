using System.Buffers.Binary;
using System.IO.Compression;
using Gateway.Api.Errors;
using Gateway.Api.Memory;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Faces.Grpc;

/// <summary>Unpacks a message that came packed by gzip (RFC 1952), within bounds.</summary>
/// <param name="maxBytes">The most bytes that it may become.</param>
internal sealed class UnpackedMessage(int maxBytes)
{
    // What packs this well is no picture and no text; but a small message may.
    private const int MaxRatio = 100;
    private const int AlwaysAllowed = 1024 * 1024;

    // RFC 1952, 2.3: a member begins with two fixed bytes and the method, of which there is one, and ends with its CRC and the length of
    // what it holds.
    private const int LengthSize = sizeof(uint);
    private static ReadOnlySpan<byte> Begin => [0x1f, 0x8b, 8];

    /// <summary>Unpacks a message.</summary>
    /// <param name="packed">The message; stays the caller's.</param>
    /// <param name="share">What the request holds; what the message becomes is taken from it first.</param>
    /// <param name="cancellationToken">Gives up waiting for memory.</param>
    /// <returns>What it becomes, which the caller owns, or why it does not; neither when it is not one member of gzip with nothing behind
    /// it.</returns>
    public async ValueTask<(Payload? Message, ApiError? Error)> ReadAsync(
        Payload packed, ByteShare share, CancellationToken cancellationToken)
    {
        // The .NET client packs a message without bytes into none: its GZipStream writes nothing where nothing was written to it.
        if (packed.Length == 0)
        {
            return (Payload.Rent(0, out _), null);
        }

        if (!packed.Span.StartsWith(Begin) || packed.Length < Begin.Length + LengthSize)
        {
            return default;
        }

        // Of several members this is the length of the last, so that reading shows that there are several.
        var length = BinaryPrimitives.ReadUInt32LittleEndian(packed.Span[^LengthSize..]);
        if (length > maxBytes || (length > AlwaysAllowed && length / MaxRatio > packed.Length))
        {
            return (null, ApiErrors.UnpackedTooLarge(maxBytes, MaxRatio));
        }

        if (!await share.TakeAsync(length, cancellationToken))
        {
            return (null, ApiErrors.OutOfMemory);
        }

        var message = Payload.Rent((int)length, out var memory);
        if (TryUnpack(packed.Memory, memory.Span))
        {
            return (message, null);
        }

        message.Dispose();
        return default;
    }

    // Whether it fills the memory, and no more. The framework ignores what stands behind a member and is none itself.
    private static bool TryUnpack(ReadOnlyMemory<byte> packed, Span<byte> memory)
    {
        var last = packed.Span[^1];
        return TryUnpack(packed, last, memory) && !(MayEndBefore(packed.Span) && TryUnpack(packed, (byte)~last, memory));
    }

    // Whether the length, the last thing of a member, reads the same where one byte stands behind it. That byte may be any; the last of a
    // length may not.
    private static bool MayEndBefore(ReadOnlySpan<byte> packed) => packed[^(LengthSize + 1)..^1].SequenceEqual(packed[^LengthSize..]);

    private static bool TryUnpack(ReadOnlyMemory<byte> packed, byte last, Span<byte> memory)
    {
        using var bytes = new PackedBytes(packed, last);
        using var gzip = new GZipStream(bytes, CompressionMode.Decompress);
        try
        {
            return gzip.ReadAtLeast(memory, memory.Length, throwOnEndOfStream: false) == memory.Length
                && gzip.ReadByte() < 0
                && bytes.IsAtEnd;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
