using System.Numerics;

namespace Gateway.Core.Wire;

/// <summary>Base-128 varints, seven bits a byte, least significant first, and the zigzag form of signed numbers.</summary>
public static class Varint
{
    /// <summary>The most bytes that a varint takes: 64 bits at seven a byte.</summary>
    public const int MaxBytes = 10;

    /// <summary>The bytes that <paramref name="value"/> takes as a varint, 1 to 10.</summary>
    /// <param name="value">Any value.</param>
    // 64 - lzcnt bits at 7 a byte, rounded up, without a division: 9/64 is close enough to 1/7 over this range.
    public static int Size(ulong value) => (BitOperations.Log2(value | 1) * 9 + 73) / 64;

    /// <summary>Writes <paramref name="value"/> to the start of <paramref name="target"/>.</summary>
    /// <param name="target">Room for <see cref="Size"/> bytes at least.</param>
    /// <param name="value">Any value.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> target, ulong value)
    {
        var count = 0;
        while (value >= 0x80)
        {
            target[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[count] = (byte)value;
        return count + 1;
    }

    /// <summary>Small magnitudes of both signs to small unsigned numbers (<c>sint32</c>).</summary>
    /// <param name="value">Any value.</param>
    public static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    /// <summary>Small magnitudes of both signs to small unsigned numbers (<c>sint64</c>).</summary>
    /// <param name="value">Any value.</param>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>The inverse of <see cref="ZigZag(int)"/>.</summary>
    /// <param name="value">Any value.</param>
    public static int UnZigZag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);

    /// <summary>The inverse of <see cref="ZigZag(long)"/>.</summary>
    /// <param name="value">Any value.</param>
    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
