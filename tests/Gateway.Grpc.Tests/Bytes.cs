using System.Buffers;
using System.Text;

namespace Gateway.Grpc.Tests;

/// <summary>Short ways to bytes.</summary>
internal static class Bytes
{
    public static ReadOnlySequence<byte> Of(string text) => new(Encoding.UTF8.GetBytes(text));

    public static ReadOnlySequence<byte> AsSequence(this byte[] bytes) => new(bytes);

    public static ReadOnlySequence<byte> AsSequence(this Payload payload) => new(payload.Memory);

    public static string Text(this Payload payload) => Encoding.UTF8.GetString(payload.Span);

    /// <summary>Bytes that differ by seed and by position, so that a mixed-up buffer shows.</summary>
    public static byte[] Pattern(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The bytes in several segments of uneven lengths.</summary>
    public static ReadOnlySequence<byte> Segmented(byte[] bytes, int segmentLength)
    {
        Segment? first = null, last = null;
        for (int start = 0; start < bytes.Length; start += segmentLength)
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
