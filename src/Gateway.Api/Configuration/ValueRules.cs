using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Gateway.Api.Configuration;

/// <summary>
/// What attributes of options say of their values, setting by setting. Rules that more than one setting is in are code of their own.
/// </summary>
internal static class ValueRules
{
    /// <summary>The faults, one sentence each, by setting and never by value.</summary>
    /// <param name="path">The section that the options were read from.</param>
    /// <param name="options">The options, with those of the sections in it.</param>
    public static IEnumerable<string> Faults(string path, object options) =>
        SettingsReader.SettingsOf(options.GetType())
            .SelectMany(setting => Faults($"{path}:{setting.Name}", setting, setting.GetValue(options)));

    private static IEnumerable<string> Faults(string path, PropertyInfo setting, object? value)
    {
        var own = setting.GetCustomAttributes<ValidationAttribute>()
            .Where(rule => !rule.IsValid(value))
            .Select(rule => rule.FormatErrorMessage(path));
        return own.Concat(value switch
        {
            null or string => [],
            IDictionary named => named.Keys.Cast<string>().SelectMany(name => Inner($"{path}:{name}", named[name])),
            IEnumerable list => list.Cast<object?>().SelectMany((item, place) => Inner($"{path}:{place}", item)),
            _ => Inner(path, value),
        });
    }

    private static IEnumerable<string> Inner(string path, object? value) =>
        value is null || SettingForm.Of(value.GetType()) is not null ? [] : Faults(path, value);
}
