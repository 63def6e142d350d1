using System.Reflection;

namespace Gateway.Api.Configuration;

/// <summary>
/// Reads a section of the configuration into options, beside their type: what is there and is no setting, or is one of another shape, is a
/// fault. The framework's binder passes over both, and a setting that is passed over may be the one that keeps others out. One walk does
/// the checking and the reading, so that nothing is checked one way and read another.
/// </summary>
/// <param name="sources">What the configuration is made of.</param>
internal sealed class SettingsReader(IEnumerable<IConfigurationProvider> sources)
{
    private readonly NullabilityInfoContext _nullability = new();
    private readonly List<string> _faults = [];
    private readonly List<string> _unread = [];

    /// <summary>What is wrong, one sentence each, by setting and never by value. When there is any, what was read is of no use.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The settings that faults left unread: those of another shape, and those that misspelt ones probably are.</summary>
    public IReadOnlyList<string> Unread => _unread;

    /// <summary>Reads a section into options, which keep their defaults where it says nothing.</summary>
    public object Read(IConfigurationSection section, object options)
    {
        if (HasText(section))
        {
            Fault(section, "is a section of settings.");
        }

        var settings = SettingsOf(options.GetType());
        foreach (var child in section.GetChildren())
        {
            if (settings.FirstOrDefault(setting => setting.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } setting)
            {
                var mayBeNull = _nullability.Create(setting).WriteState == NullabilityState.Nullable;
                setting.SetValue(options, Value(child, setting.PropertyType, mayBeNull, setting.GetValue(options)));
            }
            else if (NearestName.To(child.Key, settings.Select(known => known.Name)) is { } nearest)
            {
                Fault(child, $"is no setting; did you mean {nearest}?");
                _unread.Add($"{section.Path}:{nearest}");
            }
            else
            {
                Fault(child, "is no setting.");
            }
        }

        return options;
    }

    /// <summary>The settings of a type of options: what can be set of it.</summary>
    public static IReadOnlyList<PropertyInfo> SettingsOf(Type options) =>
        [.. options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true })];

    private object? Value(IConfigurationSection section, Type type, bool mayBeNull, object? current)
    {
        var value = Nullable.GetUnderlyingType(type);
        if (SettingForm.Of(value ?? type) is { } form)
        {
            return Scalar(section, form, mayBeNull, value is null ? form.Name : $"{form.Name}, or empty for the default");
        }

        return type.IsGenericType
            ? type.GetGenericTypeDefinition() == typeof(Dictionary<,>) ? Named(section, type) : List(section, type.GetGenericArguments()[0])
            : Read(section, current ?? Activator.CreateInstance(type)!);
    }

    // An empty text is how environment variables say that there is none.
    private object? Scalar(IConfigurationSection section, SettingForm form, bool mayBeNull, string name)
    {
        if (!section.GetChildren().Any())
        {
            if (section.Value is not null && form.Read(section.Value) is { } value)
            {
                return value;
            }

            if (mayBeNull && string.IsNullOrEmpty(section.Value))
            {
                return null;
            }
        }

        Fault(section, $"is {name}.");
        return mayBeNull ? null : form.Read("");
    }

    private System.Collections.IList List(IConfigurationSection section, Type type)
    {
        var list = (System.Collections.IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
        var entries = section.GetChildren().ToList();
        if (section.Value is { Length: > 0 }
            || (section.Value is null && entries.Count == 0)
            || entries.Exists(entry => !IsIndex(entry.Key)))
        {
            Fault(section, $"is a list, as in {section.Path}:0, or [].");
        }
        else if (entries.Count > 0 && IsEmptied(section))
        {
            Fault(section, "is empty in one place, and has entries in another.");
        }
        else
        {
            foreach (var entry in entries)
            {
                list.Add(Entry(entry, type));
            }
        }

        return list;
    }

    private object? Entry(IConfigurationSection entry, Type type)
    {
        if (entry.Value is "" && SettingForm.Of(type) is { } form)
        {
            Fault(entry, "is empty.");
            return form.Read("");
        }

        return Value(entry, type, mayBeNull: false, current: null);
    }

    private System.Collections.IDictionary Named(IConfigurationSection section, Type type)
    {
        if (HasText(section))
        {
            Fault(section, "is a section of names, each with what it stands for.");
        }

        return type == typeof(Dictionary<string, string>) ? NamedTexts(section) : NamedSections(section, type);
    }

    private System.Collections.IDictionary NamedSections(IConfigurationSection section, Type type)
    {
        var named = (System.Collections.IDictionary)Activator.CreateInstance(type, StringComparer.Ordinal)!;
        foreach (var child in section.GetChildren())
        {
            named[child.Key] = Value(child, type.GetGenericArguments()[1], mayBeNull: false, current: null);
        }

        return named;
    }

    // Configuration cuts keys at colons, and names may have some: `llama3:8b` is a key in a key there, so a name is all of its keys put
    // together again. The beginning of longer names has no value of its own, which some sources spell as an empty one.
    private Dictionary<string, string> NamedTexts(IConfigurationSection section)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in section.AsEnumerable(makePathsRelative: true))
        {
            var isBeginning = string.IsNullOrEmpty(text)
                && section.GetSection(name).GetChildren().Any()
                && !IsEmptied(section.GetSection(name));
            if (text is null && !isBeginning)
            {
                Fault(section.GetSection(name), "is a text.");
            }
            else if (!isBeginning)
            {
                named[name] = text!;
            }
        }

        return named;
    }

    private bool HasText(IConfigurationSection section) =>
        section.Value is { } text && (text.Length > 0 || !section.GetChildren().Any() || IsEmptied(section));

    // An empty JSON array is a key with an empty text. Beside what another source has below the key it would say nothing, where it was to
    // take that away. A source that has both spells what only holds others as an empty text.
    private bool IsEmptied(IConfigurationSection section) =>
        sources.Any(source => source.TryGet(section.Path, out var text) && text is "" && !source.GetChildKeys([], section.Path).Any());

    private static bool IsIndex(string key) => key is "0" || (key.Length > 0 && key[0] != '0' && key.All(char.IsAsciiDigit));

    private void Fault(IConfigurationSection section, string fault)
    {
        _faults.Add($"{section.Path} {fault}");
        _unread.Add(section.Path);
    }
}
