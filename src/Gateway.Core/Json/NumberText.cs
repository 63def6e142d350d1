using System.Globalization;

namespace Gateway.Core.Json;

/// <summary>
/// Numbers as JSON spells them (RFC 8259, section 6), also where ProtoJSON lets them stand in quotes.
/// <code>
///   number = [ '-' ] ( '0' / ( DIGIT1-9 *DIGIT ) ) [ '.' 1*DIGIT ] [ ( 'e' / 'E' ) [ '+' / '-' ] 1*DIGIT ]
/// </code>
/// </summary>
internal static class NumberText
{
    /// <summary>More than any exponent that matters, and far from overflowing a sum.</summary>
    private const int ExponentBound = 1_000_000;

    /// <summary>NaN as other languages write its bits, so that messages compare byte by byte; .NET's own has the sign bit.</summary>
    private static readonly float NaN = BitConverter.UInt32BitsToSingle(0x7FC0_0000);

    /// <summary>Whether the whole text is a JSON number.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        var at = text.StartsWith("-"u8) ? 1 : 0;
        var whole = Digits(text, ref at);
        if (whole == 0 || (whole > 1 && text[at - whole] == '0'))
        {
            return false;
        }

        if (at < text.Length && text[at] == '.')
        {
            at++;
            if (Digits(text, ref at) == 0)
            {
                return false;
            }
        }

        if (at < text.Length && text[at] is (byte)'e' or (byte)'E')
        {
            at++;
            at += at < text.Length && text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            if (Digits(text, ref at) == 0)
            {
                return false;
            }
        }

        return at == text.Length;
    }

    /// <summary>Reads a whole number between the bounds; <c>1.0</c> and <c>1e2</c> are whole, <c>1.5</c> is not.</summary>
    public static JsonFault? ReadSigned(ReadOnlySpan<byte> text, long min, long max, out long value)
    {
        var fault = ReadInteger(text, out var negative, out var magnitude, out var overflows);
        value = negative ? unchecked(-(long)magnitude) : (long)magnitude;
        var fits = !overflows && (negative ? magnitude <= unchecked((ulong)-min) : magnitude <= (ulong)max);
        return fault ?? (fits ? null : JsonFault.OutOfRange(min, max));
    }

    /// <summary>Reads a whole number from 0 to the bound.</summary>
    public static JsonFault? ReadUnsigned(ReadOnlySpan<byte> text, ulong max, out ulong value)
    {
        var fault = ReadInteger(text, out var negative, out value, out var overflows);
        return fault ?? (!overflows && value <= max && !(negative && value != 0) ? null : JsonFault.OutOfRange(0UL, max));
    }

    /// <summary>Reads a number to the nearest 32-bit float; one beyond its range is rejected, not made infinite.</summary>
    public static JsonFault? ReadFloat(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        if (!IsNumber(text))
        {
            return ReadNotFinite(text, out value);
        }

        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        return float.IsFinite(value) ? null : JsonFault.OutOfRange(float.MinValue, float.MaxValue);
    }

    /// <summary>Reads a number to the nearest 64-bit float; one beyond its range is rejected, not made infinite.</summary>
    public static JsonFault? ReadDouble(ReadOnlySpan<byte> text, out double value)
    {
        if (!IsNumber(text))
        {
            var fault = ReadNotFinite(text, out var special);
            value = special;
            return fault;
        }

        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        return double.IsFinite(value) ? null : JsonFault.OutOfRange(double.MinValue, double.MaxValue);
    }

    /// <summary>Reads the text of a number that is none, or of an infinity.</summary>
    internal static JsonFault? ReadNotFinite(ReadOnlySpan<byte> text, out float value)
    {
        value = text.SequenceEqual("NaN"u8) ? NaN
            : text.SequenceEqual("Infinity"u8) ? float.PositiveInfinity
            : text.SequenceEqual("-Infinity"u8) ? float.NegativeInfinity
            : 0;
        return value == 0 ? JsonFault.NumberWanted : null;
    }

    /// <summary>Reads a whole number, or says that it has more than 64 bits.</summary>
    private static JsonFault? ReadInteger(ReadOnlySpan<byte> text, out bool negative, out ulong magnitude, out bool overflows)
    {
        overflows = false;
        negative = text.StartsWith("-"u8);
        var digits = negative ? text[1..] : text;
        magnitude = 0;

        // 19 digits cannot overflow 64 bits. A leading zero is left to the full grammar.
        if (digits.Length is 0 or > 19 || (digits[0] == '0' && digits.Length > 1))
        {
            return ReadDecimal(text, digits, out magnitude, out overflows);
        }

        foreach (var digit in digits)
        {
            var number = (uint)digit - '0';
            if (number > 9)
            {
                return ReadDecimal(text, digits, out magnitude, out overflows);
            }

            magnitude = magnitude * 10 + number;
        }

        return null;
    }

    /// <summary>
    /// Reads digits with a point and an exponent exactly: the significant digits as one number, and the power of ten that remains.
    /// </summary>
    private static JsonFault? ReadDecimal(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> digits, out ulong magnitude, out bool overflows)
    {
        (magnitude, overflows) = (0, false);
        if (!IsNumber(text))
        {
            return JsonFault.NumberWanted;
        }

        var exponentAt = digits.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = exponentAt < 0 ? digits : digits[..exponentAt];
        var power = exponentAt < 0 ? 0 : ReadExponent(digits[(exponentAt + 1)..]);
        var last = mantissa.LastIndexOfAnyExcept((byte)'0', (byte)'.');
        if (last < 0)
        {
            return null;
        }

        // 1. Where the last digit stands that is not 0: behind the point, it is a fraction.
        var point = mantissa.IndexOf((byte)'.');
        var end = point < 0 ? mantissa.Length : point;
        power += last < end ? end - last - 1 : end - last;
        if (power < 0)
        {
            return JsonFault.NotAnInteger;
        }

        // 2. The digits up to there, times the power of ten.
        foreach (var digit in mantissa[..(last + 1)])
        {
            if (digit != '.')
            {
                overflows |= !TryScale(ref magnitude, 1) || magnitude > ulong.MaxValue - (uint)(digit - '0');
                magnitude += overflows ? 0 : (uint)(digit - '0');
            }
        }

        overflows |= !TryScale(ref magnitude, power);
        return null;
    }

    private static int ReadExponent(ReadOnlySpan<byte> text)
    {
        var exponent = 0;
        foreach (var digit in text.TrimStart("+-"u8))
        {
            exponent = Math.Min(exponent * 10 + digit - '0', ExponentBound);
        }

        return text[0] == '-' ? -exponent : exponent;
    }

    /// <summary>Multiplies by a power of ten; false when that leaves 64 bits.</summary>
    private static bool TryScale(ref ulong value, int power)
    {
        for (; power > 0 && value != 0; power--)
        {
            if (value > ulong.MaxValue / 10)
            {
                return false;
            }

            value *= 10;
        }

        return true;
    }

    private static int Digits(ReadOnlySpan<byte> text, ref int at)
    {
        var start = at;
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        return at - start;
    }
}
