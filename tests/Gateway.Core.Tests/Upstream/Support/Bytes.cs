using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>Short ways to bytes.</summary>
internal static class Bytes
{
    public static ReadOnlySequence<byte> Of(string text) => new(Encoding.UTF8.GetBytes(text));

    public static ReadOnlySequence<byte> Of(byte[] bytes) => new(bytes);

    public static string? Text(this byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    /// <summary>Bytes that differ by seed and by position, so that a mixed-up buffer shows.</summary>
    public static byte[] Pattern(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A message as it is on the wire (PROTOCOL-HTTP2.md, "Length-Prefixed-Message").</summary>
    public static byte[] Framed(byte[] message, bool isCompressed = false)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    /// <summary>Messages as they are on the wire, one after the other.</summary>
    public static byte[] Framed(params string[] messages) => [.. messages.SelectMany(message => Framed(Encoding.UTF8.GetBytes(message)))];

    /// <summary>The bytes in several segments, the last one shorter.</summary>
    public static ReadOnlySequence<byte> Segmented(byte[] bytes, int segmentLength)
    {
        Segment? first = null, last = null;
        for (var start = 0; start < bytes.Length; start += segmentLength)
        {
            ReadOnlyMemory<byte> memory = bytes.AsMemory(start, Math.Min(segmentLength, bytes.Length - start));
            last = last is null ? first = new Segment(memory, 0) : last.Append(memory);
        }

        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
