using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Api.Configuration;

namespace Gateway.Api.Stored;

/// <summary>
/// Changes settings of the store by a merge patch (RFC 7396): members replace, null takes away. Names are in any case, and may be
/// paths, as <c>Limits:Streams</c>; what comes out has the settings' own names and types, so that the same is written the same.
/// </summary>
internal static class SettingsPatch
{
    /// <summary>No settings.</summary>
    public const string None = "{}";

    private const string Root = "Settings";
    private const string Member = "settings";
    private const string EmptyList = "[]";

    /// <summary>Applies a patch.</summary>
    /// <param name="current">The settings so far: one JSON object.</param>
    /// <param name="patch">What is to change.</param>
    /// <param name="check">Adds what is wrong with the settings as a whole.</param>
    /// <param name="settings">The settings from now on: one JSON object; those so far where the patch is refused.</param>
    /// <returns>Why the patch is refused; null when it is not.</returns>
    public static OperationFault? Apply<T>(string current, JsonObject patch, Action<string, T, List<string>> check, out string settings)
        where T : class, new()
    {
        var merged = JsonNode.Parse(current)!.AsObject();
        Merge(merged, patch);
        var options = new T();
        List<string> found = [.. Repeated(patch), .. StoredSettings.Read(merged.ToJsonString(), options)];
        if (found.Count == 0)
        {
            check(Root, options, found);
        }

        settings = found.Count == 0 ? Written(options, merged).ToJsonString() : current;
        return found.Count == 0 ? null : OperationFault.Invalid([.. found.Select(FaultOf)]);
    }

    /// <summary>What a patch by paths and texts is, as a command line gives it: <c>Limits:Streams</c>, <c>10</c>.</summary>
    /// <param name="path">The setting.</param>
    /// <param name="text">Its value; a list has commas between its entries, or is <c>[]</c>. Empty: none.</param>
    /// <param name="options">The type of the settings.</param>
    public static JsonNode? ValueOf(string path, string text, Type options) =>
        text.Length == 0 ? null
        : !IsList(path.Split(':'), options) ? JsonValue.Create(text)
        : text == EmptyList ? []
        : Texts(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static bool IsList(ReadOnlySpan<string> path, Type options)
    {
        var name = path[0];
        var setting = SettingsReader.SettingsOf(options)
            .FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return setting is not null
            && (path.Length == 1 ? setting.PropertyType == typeof(IList<string>) : IsList(path[1..], setting.PropertyType));
    }

    // A setting that is there in two spellings has two values.
    private static IEnumerable<string> Repeated(JsonObject patch) => PathsOf(patch)
        .GroupBy(path => path, StringComparer.OrdinalIgnoreCase)
        .Where(spellings => spellings.Skip(1).Any())
        .Select(spellings => $"{Root}:{spellings.Last()} is there twice.");

    private static IEnumerable<string> PathsOf(JsonObject patch) =>
        patch.SelectMany(member => member.Value is JsonObject section
            ? PathsOf(section).Select(path => $"{member.Key}:{path}")
            : [member.Key]);

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (path, value) in patch)
        {
            var names = path.Split(':');
            var at = target;
            foreach (var name in names[..^1])
            {
                at = SectionOf(at, name);
            }

            var last = NameIn(at, names[^1]);
            if (value is null)
            {
                at.Remove(last);
            }
            else if (value is JsonObject section)
            {
                Merge(SectionOf(at, last), section);
            }
            else
            {
                at[last] = value.DeepClone();
            }
        }
    }

    private static JsonObject SectionOf(JsonObject target, string name)
    {
        var known = NameIn(target, name);
        if (target[known] is not JsonObject section)
        {
            target[known] = section = [];
        }

        return section;
    }

    private static string NameIn(JsonObject target, string name) =>
        target.Select(member => member.Key).FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;

    // Of what was read, what was given: a default that is said stays said.
    private static JsonObject Written(object options, JsonObject given)
    {
        var written = new JsonObject();
        foreach (var setting in SettingsReader.SettingsOf(options.GetType()))
        {
            if (given.TryGetPropertyValue(NameIn(given, setting.Name), out var said) && Typed(setting.GetValue(options), said) is { } value)
            {
                written[setting.Name] = value;
            }
        }

        return written;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonNode? Typed(object? value, JsonNode? said) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        TimeSpan time => JsonValue.Create(time.ToString("c", CultureInfo.InvariantCulture)),
        IList<string> list => Texts(list),
        _ => Written(value, said as JsonObject ?? []) is { Count: > 0 } section ? section : null,
    };

    // A sentence begins with the setting that it is about, below the root.
    private static MemberFault FaultOf(string sentence)
    {
        var told = sentence.StartsWith($"{Root}:", StringComparison.Ordinal) ? sentence[(Root.Length + 1)..] : sentence;
        return new MemberFault(told == sentence ? Member : $"{Member}:{told.Split(' ')[0]}", told);
    }
}
