using System.Reflection;
using Gateway.Api.Configuration;

namespace Gateway.Api.Tests.Configuration;

/// <summary>Every setting under <c>Gateway</c>, found in the types of the options, whoever reads them.</summary>
internal static class SettingSurface
{
    /// <summary>The name that stands for those of an operator's choice, as of tenants.</summary>
    public const string AnyName = "name";

    /// <summary>All settings, sections and entries of lists among them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Of(GatewayOptions.Section, typeof(GatewayOptions))];

    private static IEnumerable<Setting> Of(string path, Type type) => KindOf(type) switch
    {
        SettingKind.Section => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true })
            .SelectMany(property => Of($"{path}:{property.Name}", property.PropertyType))
            .Prepend(new Setting(path, SettingKind.Section, type)),
        SettingKind.List => Of($"{path}:0", type.GetGenericArguments()[0]).Prepend(new Setting(path, SettingKind.List, type)),
        SettingKind.Names => Of($"{path}:{AnyName}", type.GetGenericArguments()[1]).Prepend(new Setting(path, SettingKind.Names, type)),
        var kind => [new Setting(path, kind, Nullable.GetUnderlyingType(type) ?? type)],
    };

    private static SettingKind KindOf(Type type) =>
        type == typeof(string) || type == typeof(Uri) ? SettingKind.Text
        : type.IsValueType ? SettingKind.Value
        : !type.IsGenericType ? SettingKind.Section
        : type.GetGenericTypeDefinition() == typeof(Dictionary<,>) ? SettingKind.Names
        : SettingKind.List;

    /// <summary>What a setting is.</summary>
    /// <param name="Path">Its name in the configuration.</param>
    /// <param name="Kind">Its shape.</param>
    /// <param name="Type">The type of its value.</param>
    internal sealed record Setting(string Path, SettingKind Kind, Type Type)
    {
        /// <summary>Whether its name is one of the options, and not an entry's index or of an operator's choice.</summary>
        public bool IsMember => Path != GatewayOptions.Section && !Path.EndsWith(":0", StringComparison.Ordinal) && !Path.EndsWith($":{AnyName}", StringComparison.Ordinal);

        /// <summary>What was read of it.</summary>
        public object? In(object options) => Path.Split(':').Skip(1).Aggregate((object?)options, (at, name) => at switch
        {
            System.Collections.IDictionary named => named[name],
            System.Collections.IEnumerable list and not string => list.Cast<object>().First(),
            _ => at?.GetType().GetProperty(name)!.GetValue(at),
        });
    }

    internal enum SettingKind
    {
        /// <summary>Any text will do.</summary>
        Text,

        /// <summary>A text of a form, as of a number.</summary>
        Value,

        List,

        /// <summary>Names of the operator's choice, with what each stands for.</summary>
        Names,

        Section,
    }
}
