using System.Buffers.Binary;

namespace Gateway.Grpc.Messages;

/// <summary>
/// What stands before every message (PROTOCOL-HTTP2.md, "Length-Prefixed-Message"): one byte, 1 when the message is compressed, else 0;
/// then the message's length as four bytes, big-endian.
/// </summary>
internal static class MessagePrefix
{
    public const int Size = 5;

    public static void Write(Span<byte> prefix, bool compressed, long length)
    {
        prefix[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], checked((uint)length));
    }

    /// <summary>Reads a prefix; false when its first byte is neither 0 nor 1.</summary>
    public static bool TryRead(ReadOnlySpan<byte> prefix, out bool compressed, out uint length)
    {
        compressed = prefix[0] == 1;
        length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return prefix[0] <= 1;
    }
}
