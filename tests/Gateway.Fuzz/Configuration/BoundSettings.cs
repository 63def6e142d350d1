using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Gateway.Fuzz.Configuration;

/// <summary>Finds a leaf of a configuration in the options that were read from it, by a way of its own.</summary>
internal static class BoundSettings
{
    /// <summary>Whether the options say what a leaf says.</summary>
    public static bool Has(object options, string path, string? text)
    {
        var names = path.Split(':');
        var at = options;
        for (var i = 1; i < names.Length; i++)
        {
            switch (at)
            {
                // A name may have colons.
                case Dictionary<string, string> texts:
                    return texts.TryGetValue(string.Join(':', names[i..]), out var found) && found == text;
                case IDictionary named:
                    if (!named.Contains(names[i]))
                    {
                        return false;
                    }

                    at = named[names[i]];
                    break;
                case IList list:
                    if (!int.TryParse(names[i], out var index))
                    {
                        return false;
                    }

                    at = list.Count > index ? list[index] : list.Count > 0 ? list[^1] : null;
                    break;
                case null:
                    return false;
                default:
                    if (Setting(at, names[i]) is not { } setting)
                    {
                        return false;
                    }

                    at = setting.GetValue(at);
                    break;
            }
        }

        return Says(at, text);
    }

    private static PropertyInfo? Setting(object options, string name) =>
        options.GetType().GetProperties().FirstOrDefault(property => property.CanWrite && property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool Says(object? value, string? text) => value switch
    {
        null => string.IsNullOrEmpty(text),
        string said => said.Trim() == text?.Trim(), // of some settings, white space around them is no part
        bool said => said == bool.Parse(text!),
        int or long => Convert.ToInt64(value, CultureInfo.InvariantCulture) == long.Parse(text!, CultureInfo.InvariantCulture),
        TimeSpan said => said == Time(text!),
        Uri said => said.OriginalString == text,
        IDictionary named => text is null && named.Count == 0,
        IList list => text is "" && list.Count == 0,
        _ => text is null,
    };

    private static TimeSpan Time(string text)
    {
        if (text.Contains(':'))
        {
            return TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        }

        var unit = text.TrimStart([.. "0123456789."]);
        var seconds = unit switch { "ms" => 0.001m, "s" => 1, "m" => 60, "h" => 3600, "d" => 86400, _ => throw new FormatException("no unit") };
        return TimeSpan.FromTicks((long)Math.Round(decimal.Parse(text[..^unit.Length], CultureInfo.InvariantCulture) * seconds * TimeSpan.TicksPerSecond));
    }
}
