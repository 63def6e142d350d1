using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Api.Stored;

namespace Gateway.Api.Faces.Admin;

/// <summary>
/// Reads what a request says: the members of its body, or its parameters. What may not be there, or is of another form, is a fault each.
/// </summary>
internal sealed class AdminMembers
{
    private readonly ImmutableArray<MemberFault>.Builder _faults = ImmutableArray.CreateBuilder<MemberFault>();
    private readonly JsonObject _json;

    /// <summary>Reads members.</summary>
    /// <param name="json">All that there are.</param>
    /// <param name="known">The names of those that there may be.</param>
    public AdminMembers(JsonObject json, params string[] known)
    {
        _json = json;
        foreach (var (name, _) in json.Where(member => !known.Contains(member.Key)))
        {
            Add(name, $"{name} is not known here{(NearestName.To(name, known) is { } nearest ? $"; did you mean {nearest}?" : ".")}");
        }
    }

    /// <summary>What is wrong; null when nothing is.</summary>
    public OperationFault? Fault => _faults.Count > 0 ? OperationFault.Invalid(_faults.ToImmutable()) : null;

    /// <summary>Whether a member is there, be it null.</summary>
    public bool Has(string name) => _json.ContainsKey(name);

    /// <summary>A text; null when it is not there.</summary>
    public string? Text(string name) => Read(name, "a text", node => node.TryGetValue<string>(out var text) ? text : null);

    /// <summary>A text that has to be there.</summary>
    public string RequiredText(string name)
    {
        if (_json[name] is null)
        {
            Add(name, $"{name} is missing.");
            return "";
        }

        return Text(name) ?? "";
    }

    /// <summary>A whole number from 1 on; null when it is not there.</summary>
    /// <param name="most">The most that it may be.</param>
    public int? Count(string name, int most) => Read(
        name,
        $"a whole number from 1 to {most}",
        node => int.TryParse(node.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1
            && number <= most ? number : (int?)null);

    /// <summary>A time in UTC; null when it is not there.</summary>
    public DateTimeOffset? Time(string name) => Read(name, SettingForm.Of(typeof(DateTimeOffset))!, form => (DateTimeOffset?)form);

    /// <summary>A length of time; null when it is not there.</summary>
    public TimeSpan? Span(string name) => Read(name, SettingForm.Of(typeof(TimeSpan))!, form => (TimeSpan?)form);

    /// <summary>An object; an empty one when it is not there.</summary>
    public JsonObject Section(string name)
    {
        switch (_json[name])
        {
            case JsonObject section:
                return section;
            case null when !Has(name):
                return [];
            default:
                Add(name, $"{name} is an object.");
                return [];
        }
    }

    private T? Read<T>(string name, SettingForm form, Func<object?, T?> cast) =>
        Read(name, form.Name, node => cast(node.TryGetValue<string>(out var text) ? form.Read(text) : null));

    private T? Read<T>(string name, string what, Func<JsonValue, T?> read)
    {
        if (_json[name] is not { } node)
        {
            return default;
        }

        var value = node is JsonValue given ? read(given) : default;
        if (value is null)
        {
            Add(name, $"{name} is {what}.");
        }

        return value;
    }

    private void Add(string name, string sentence) => _faults.Add(new MemberFault(name, sentence));
}
