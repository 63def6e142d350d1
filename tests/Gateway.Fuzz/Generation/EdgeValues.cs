using System.Text;

namespace Gateway.Fuzz.Generation;

/// <summary>Scalars: in half of all cases one from the edge of what its type can hold.</summary>
internal static class EdgeValues
{
    /// <summary>Longer than any buffer that the transcoder fills before it hands it on.</summary>
    private const int LongLength = 12_000;

    private const int LongOneIn = 100;

    private static readonly string[] Texts =
    [
        "", "a", "0", "null", "true", "NaN", "\"", "\\", "/", "\b\f\n\r\t", "\0", "\u001f\u007f\u0080", "é", "ß€", "\u2028\u2029", "\uFEFF", "\uFFFF", "😀",
        "a😀b\U0010FFFF", "@type", "a,b", "a_b.cD", "<script>&'", new string('x', 300), new string('€', 130) + "\n", "\\u0041", "AQID", "-1", "1e5",
    ];

    public static int Int32(Dice dice) => dice.Below(4) switch
    {
        0 => dice.Pick<int>(0, 1, -1, int.MinValue, int.MaxValue, 127, 128, 16_384),
        1 => (int)dice.Next(),
        _ => dice.Below(2_000) - 1_000,
    };

    public static uint UInt32(Dice dice) => dice.OneIn(4) ? dice.Pick<uint>(0, 1, uint.MaxValue, 1u << 31) : (uint)Int32(dice);

    public static long Int64(Dice dice) => dice.Below(4) switch
    {
        0 => dice.Pick<long>(0, 1, -1, long.MinValue, long.MaxValue, 1L << 53, (1L << 53) + 1, -(1L << 53) - 1, (long)uint.MaxValue),
        1 => (long)dice.Next() >> dice.Below(64),
        _ => Int32(dice),
    };

    public static ulong UInt64(Dice dice) => dice.OneIn(4) ? dice.Pick<ulong>(0, 1, ulong.MaxValue, 1ul << 63, 1ul << 53) : (ulong)Int64(dice);

    public static double Double(Dice dice) => dice.Below(4) switch
    {
        0 => dice.Pick<double>(0.0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon, 2.2250738585072014E-308, 1e21, 1e22, 1e-7, 0.1),
        1 => Canonical(BitConverter.UInt64BitsToDouble(dice.Next())),
        _ => Int32(dice) / 8.0,
    };

    public static float Float(Dice dice) => dice.Below(4) switch
    {
        0 => dice.Pick<float>(0f, -0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, 1.17549435E-38f, 1e10f, 0.1f, 0.99875027f),
        1 => (float)Canonical(BitConverter.UInt32BitsToSingle((uint)dice.Next())),
        _ => Int32(dice) / 8f,
    };

    public static string Text(Dice dice)
    {
        if (dice.OneIn(2))
        {
            return dice.Pick<string>(Texts);
        }

        var text = new StringBuilder();
        for (var left = dice.OneIn(LongOneIn) ? dice.Below(LongLength) : dice.Size(12, 400); left > 0; left--)
        {
            text.Append(Rune(dice));
        }

        return text.ToString();
    }

    public static byte[] Bytes(Dice dice) => dice.Bytes(dice.OneIn(LongOneIn) ? dice.Below(LongLength) : dice.Size(8, 700));

    private static Rune Rune(Dice dice) => dice.Below(8) switch
    {
        0 => new Rune(dice.Below(0x80)),
        1 => new Rune(dice.Between(0x80, 0x7FF)),
        2 => new Rune(dice.Between(0x800, 0xD7FF)),
        3 => new Rune(dice.Between(0x10000, 0x10FFFF)),
        _ => new Rune('a' + dice.Below(26)),
    };

    // JSON has one NaN; the payloads of the others would be lost on the way.
    private static double Canonical(double value) => double.IsNaN(value) ? double.NaN : value;
}
