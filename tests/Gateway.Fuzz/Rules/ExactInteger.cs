using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Rules;

/// <summary>What a JSON number is as an integer, without rounding.</summary>
internal static partial class ExactInteger
{
    /// <summary>More than any integer field has digits.</summary>
    private const int MaxPower = 100;

    /// <summary>The integer; null when the number has a fraction, is no number, or has more digits than any field holds.</summary>
    public static BigInteger? Of(string text)
    {
        var number = Number().Match(text);
        var digits = (number.Groups["whole"].Value + number.Groups["fraction"].Value).TrimStart('0');
        var significant = digits.TrimEnd('0');
        if (!number.Success || significant.Length == 0)
        {
            return number.Success ? BigInteger.Zero : null;
        }

        var exponent = number.Groups["exponent"].Length == 0 ? 0 : BigInteger.Parse(number.Groups["exponent"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var power = exponent - number.Groups["fraction"].Length + digits.Length - significant.Length;
        var isInteger = power.Sign >= 0 && power + significant.Length <= MaxPower;
        return isInteger ? BigInteger.Parse(number.Groups["sign"].Value + significant, CultureInfo.InvariantCulture) * BigInteger.Pow(10, (int)power) : null;
    }

    /// <summary>Whether a field of the type holds the integer.</summary>
    public static bool Fits(BigInteger value, FieldType type) => type switch
    {
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => value >= long.MinValue && value <= long.MaxValue,
        FieldType.UInt64 or FieldType.Fixed64 => value >= 0 && value <= ulong.MaxValue,
        FieldType.UInt32 or FieldType.Fixed32 => value >= 0 && value <= uint.MaxValue,
        _ => value >= int.MinValue && value <= int.MaxValue,
    };

    [GeneratedRegex(@"^(?<sign>-?)(?<whole>0|[1-9][0-9]*)(\.(?<fraction>[0-9]+))?([eE](?<exponent>[+-]?[0-9]+))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();
}
