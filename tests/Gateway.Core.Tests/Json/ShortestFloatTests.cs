using System.Globalization;
using System.Text;
using Gateway.Core.Json;

namespace Gateway.Core.Tests.Json;

/// <summary>The reference is .NET's own shortest round-trip formatting.</summary>
public class ShortestFloatTests
{
    /// <summary>A prime, so that the steps through all floats meet every exponent with many fractions: four million floats.</summary>
    private const int Step = 997;

    [Fact]
    public void Write_FloatsOfEveryExponent_AreWhatTheFrameworkWrites()
    {
        for (long bits = 0; bits <= uint.MaxValue; bits += Step)
        {
            AssertSame(BitConverter.UInt32BitsToSingle((uint)bits));
        }
    }

    [Fact]
    public void Write_EdgesOfTheFormats_AreWhatTheFrameworkWrites()
    {
        float[] edges =
        [
            0, -0f, float.Epsilon, float.MaxValue, float.MinValue, 1.1754944E-38f, 0.5f, 1, 16777216, 999999999, 1E+09f, 0.0001f, 0.00001f,
        ];
        Assert.All(edges, AssertSame);
    }

    [Fact]
    public void Write_PowersOfTwoAndTheirNeighbours_AreWhatTheFrameworkWrites()
    {
        for (uint exponent = 0; exponent < 255; exponent++)
        {
            var power = exponent << 23;
            AssertSame(BitConverter.UInt32BitsToSingle(power));
            AssertSame(BitConverter.UInt32BitsToSingle(power + 1));
            AssertSame(BitConverter.UInt32BitsToSingle(Math.Max(power, 1) - 1));
        }
    }

    private static void AssertSame(float value)
    {
        if (!float.IsFinite(value))
        {
            return;
        }

        Span<byte> expected = stackalloc byte[32];
        Span<byte> actual = stackalloc byte[ShortestFloat.MaxLength];
        value.TryFormat(expected, out var length, default, CultureInfo.InvariantCulture);
        var written = ShortestFloat.Write(value, actual);
        if (!actual[..written].SequenceEqual(expected[..length]))
        {
            Assert.Equal(Encoding.ASCII.GetString(expected[..length]), Encoding.ASCII.GetString(actual[..written]));
        }
    }
}
