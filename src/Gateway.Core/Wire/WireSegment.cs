using System.Buffers;

namespace Gateway.Core.Wire;

/// <summary>One pooled array of a <see cref="WireWriter"/>, and its link in the sequence of what was written.</summary>
internal sealed class WireSegment : ReadOnlySequenceSegment<byte>
{
    public byte[] Buffer { get; private set; } = [];

    /// <summary>The bytes in use. Current for closed segments only: the writer counts for the one it writes to.</summary>
    public int Length { get; set; }

    public void Attach(byte[] buffer)
    {
        Buffer = buffer;
        Length = 0;
    }

    public void ReturnTo(ArrayPool<byte> pool)
    {
        pool.Return(Buffer);
        Buffer = [];
        Memory = default;
        Next = null;
    }

    public void Link(long runningIndex, WireSegment? next)
    {
        Memory = Buffer.AsMemory(0, Length);
        RunningIndex = runningIndex;
        Next = next;
    }
}
