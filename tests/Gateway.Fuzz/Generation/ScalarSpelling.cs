using System.Globalization;

namespace Gateway.Fuzz.Generation;

/// <summary>Other spellings of the same number, bytes or time.</summary>
internal static class ScalarSpelling
{
    /// <summary>The same decimal number with its point elsewhere, made up for by an exponent.</summary>
    public static string Number(string number, Dice dice)
    {
        var parts = number.TrimStart('-').Split('e', 'E');
        var mantissa = parts[0].Split('.');
        var all = string.Concat(mantissa);
        var digits = all.TrimStart('0');
        var power = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) + mantissa[0].Length - (all.Length - digits.Length);
        digits += new string('0', dice.Below(3));
        var whole = digits.TrimEnd('0').Length > 0 ? dice.Below(digits.Length + 1) : 0;
        var respelled = (whole == 0 ? "0" : digits[..whole]) + (whole < digits.Length ? "." + digits[whole..] : "");
        return (number[0] == '-' ? "-" : "") + respelled + Exponent(power - whole, dice);
    }

    /// <summary>Either alphabet, padded or not, in one line or in many.</summary>
    public static string Base64(string base64, Dice dice)
    {
        var alphabet = dice.OneIn(3) ? base64.Replace('+', '-').Replace('/', '_') : base64;
        var text = dice.OneIn(3) ? alphabet.TrimEnd('=') : alphabet;
        for (var breaks = dice.OneIn(4) ? 1 + dice.Below(4) : 0; breaks > 0; breaks--)
        {
            text = text.Insert(dice.Below(text.Length + 1), dice.Pick("\n", "\r\n", "\r"));
        }

        return text;
    }

    /// <summary>More or fewer zeros at the end, and offsets for UTC.</summary>
    public static string Timestamp(string text, Dice dice)
    {
        var fraction = Fraction(text, "Z", dice);
        return dice.OneIn(3) ? fraction[..^1] + dice.Pick("+00:00", "-00:00") : fraction;
    }

    /// <summary>More or fewer zeros at both ends.</summary>
    public static string Duration(string text, Dice dice)
    {
        var fraction = Fraction(text, "s", dice);
        return dice.OneIn(8) ? fraction.Insert(fraction[0] == '-' ? 1 : 0, new string('0', 1 + dice.Below(3))) : fraction;
    }

    private static string Exponent(int power, Dice dice) => power == 0 && dice.OneIn(2) ? ""
        : dice.Pick("e", "E") + (power < 0 ? "-" : dice.Pick("", "+")) + dice.Pick("", "0") + Math.Abs(power).ToString(CultureInfo.InvariantCulture);

    private static string Fraction(string text, string end, Dice dice)
    {
        text = text[..^end.Length];
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
        {
            return text + (dice.OneIn(3) ? "." + new string('0', 1 + dice.Below(9)) : "") + end;
        }

        var fraction = text[(point + 1)..].TrimEnd('0');
        return text[..(point + 1)] + fraction + new string('0', dice.Below(10 - fraction.Length)) + end;
    }
}
