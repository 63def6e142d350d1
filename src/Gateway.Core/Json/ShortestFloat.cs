using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gateway.Core.Json;

/// <summary>
/// Writes 32-bit floats with the fewest digits that read back to the same bits, and of those the closest: the Schubfach algorithm
/// (R. Giulietti, "The Schubfach way to render doubles", 2020). The text is the one that .NET's own formatting gives, at a third of its
/// time; answers are full of concept values, so it counts.
/// </summary>
internal static class ShortestFloat
{
    /// <summary>
    /// The room that writing takes. No text is longer than 15 bytes (sign, nine digits, point, <c>E-45</c>), but digits are written eight
    /// at a time.
    /// </summary>
    public const int MaxLength = 24;

    private const int DigitsPerWord = 8;

    private const int FractionBits = 23;
    private const uint HiddenBit = 1u << FractionBits;
    private const int ExponentBias = 127 + FractionBits;

    private const int MinPower = -31;
    private const int MaxPower = 45;

    /// <summary>Decimal points further left than this many zeros, or further right than this many digits, become exponents.</summary>
    private const int MostLeadingZeros = 3;
    private const int MostWholeDigits = 9;

    /// <summary>The 64 most significant bits of each power of ten, rounded up.</summary>
    private static readonly ulong[] Powers = BuildPowers();

    private static ReadOnlySpan<uint> TenTo => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>Writes a finite float.</summary>
    /// <param name="value">Any float but NaN and the infinities.</param>
    /// <param name="target">Room for <see cref="MaxLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(float value, Span<byte> target)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var sign = (int)(bits >> 31);
        target[0] = (byte)'-';
        var magnitude = bits & int.MaxValue;
        if (magnitude == 0)
        {
            target[sign] = (byte)'0';
            return sign + 1;
        }

        (var digits, var exponent) = ToDecimal(magnitude & (HiddenBit - 1), magnitude >> FractionBits);
        return sign + WriteDecimal(digits, exponent, target[sign..]);
    }

    /// <summary>The decimal in the float's rounding interval that has the fewest digits, perhaps with zeros at its end.</summary>
    private static (uint Digits, int Exponent) ToDecimal(uint fraction, uint biased)
    {
        var c = biased == 0 ? fraction : fraction | HiddenBit;
        var q = (biased == 0 ? 1 : (int)biased) - ExponentBias;
        if (q is <= 0 and > -FractionBits - 1 && (c & ((1u << -q) - 1)) == 0)
        {
            return (c >> -q, 0);
        }

        // The interval in quarters of the last place; a power of two has a smaller neighbour below.
        var isCloserBelow = fraction == 0 && biased > 1;
        var k = (q * 1262611 - (isCloserBelow ? 524031 : 0)) >> 22;
        var shift = q + ((-k * 1741647) >> 19) + 1;
        var power = Powers[-k - MinPower];
        var low = RoundToOdd(power, (4 * c - 2 + (isCloserBelow ? 1u : 0)) << shift);
        var middle = RoundToOdd(power, (4 * c) << shift);
        var high = RoundToOdd(power, (4 * c + 2) << shift);

        // The ends of the interval round to the float only when its last bit is even.
        low += c & 1;
        high -= c & 1;

        var s = middle / 4;
        if (s >= 10)
        {
            var tens = s / 10;
            var below = low <= 40 * tens;
            var above = 40 * tens + 40 <= high;
            if (below != above)
            {
                return (tens + (above ? 1u : 0), k + 1);
            }
        }

        var isLowIn = low <= 4 * s;
        var isHighIn = 4 * s + 4 <= high;
        var half = 4 * s + 2;
        var roundsUp = isLowIn != isHighIn ? isHighIn : middle > half || (middle == half && (s & 1) != 0);
        return (s + (roundsUp ? 1u : 0), k);
    }

    /// <summary>The product's whole part, made odd when there was a rest, so that comparisons still see it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint RoundToOdd(ulong power, uint quarters)
    {
        var whole = Math.BigMul(power, quarters, out var rest);
        return (uint)whole | ((rest >> 32) > 1 ? 1u : 0);
    }

    private static int WriteDecimal(uint digits, int exponent, Span<byte> target)
    {
        (var shorter, var zero) = Math.DivRem(digits, 10);
        for (; zero == 0; (shorter, zero) = Math.DivRem(digits, 10))
        {
            digits = shorter;
            exponent++;
        }

        var count = CountDigits(digits);
        var point = count + exponent;
        if (point is > MostWholeDigits or < -MostLeadingZeros)
        {
            return WriteScientific(digits, count, point - 1, target);
        }

        if (point <= 0)
        {
            "0.000"u8.CopyTo(target);
            WriteDigits(digits, count, target[(2 - point)..]);
            return 2 - point + count;
        }

        if (point >= count)
        {
            WriteDigits(digits, count, target);
            target[count..point].Fill((byte)'0');
            return point;
        }

        WriteDigits(digits, count, target[1..]);
        target[1..(point + 1)].CopyTo(target);
        target[point] = (byte)'.';
        return count + 1;
    }

    private static int WriteScientific(uint digits, int count, int exponent, Span<byte> target)
    {
        WriteDigits(digits, count, target[1..]);
        target[0] = target[1];
        target[1] = (byte)'.';
        var at = count == 1 ? 1 : count + 1;
        var magnitude = Math.Abs(exponent);
        target[at] = (byte)'E';
        target[at + 1] = exponent < 0 ? (byte)'-' : (byte)'+';
        target[at + 2] = (byte)('0' + magnitude / 10);
        target[at + 3] = (byte)('0' + magnitude % 10);
        return at + 4;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountDigits(uint value)
    {
        // 1233/4096 is a little over log10(2).
        var guess = (BitOperations.Log2(value) + 1) * 1233 >> 12;
        return value < TenTo[guess] ? guess : guess + 1;
    }

    /// <summary>Writes the lowest <paramref name="count"/> digits, 1 to 9, and up to eight bytes of nothing behind them.</summary>
    private static void WriteDigits(uint value, int count, Span<byte> target)
    {
        if (count > DigitsPerWord)
        {
            (var first, value) = Math.DivRem(value, TenTo[DigitsPerWord]);
            target[0] = (byte)('0' + first);
            target = target[1..];
            count--;
        }

        var digits = EightDigits(value) >> (8 * (DigitsPerWord - count));
        BinaryPrimitives.WriteUInt64LittleEndian(target, digits);
    }

    /// <summary>
    /// The eight digits of a number below 10^8 in ASCII, the first one in the lowest byte: halves, quarters, digits, all at once.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightDigits(uint value)
    {
        var fours = value / 10_000 | (ulong)(value % 10_000) << 32;
        var hundreds = (fours * 10_486 >> 20) & 0x0000_007F_0000_007F;
        var twos = hundreds | (fours - hundreds * 100) << 16;
        var tens = (twos * 103 >> 10) & 0x000F_000F_000F_000F;
        return (tens | (twos - tens * 10) << 8) + 0x3030_3030_3030_3030;
    }

    private static ulong[] BuildPowers()
    {
        var powers = new ulong[MaxPower - MinPower + 1];
        for (var k = MinPower; k <= MaxPower; k++)
        {
            // Numerator and denominator scaled so that the quotient has at least 64 bits.
            const int Scale = 256;
            var ten = BigInteger.Pow(10, Math.Abs(k));
            var scaled = k >= 0 ? ten << Scale : (BigInteger.One << Scale) / ten;
            powers[k - MinPower] = (ulong)(scaled >> (int)(scaled.GetBitLength() - 64)) + 1;
        }

        return powers;
    }
}
