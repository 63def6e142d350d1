using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.Schemas;

/// <summary>
/// Writes a value that a schema makes valid: choices by dice, strings of words, and where there is a message to take arguments from, those
/// that fit. However a schema leads into itself, the value stays small: behind some length, each part is as low as can be.
/// </summary>
internal sealed class SchemaWriter
{
    /// <summary>The most characters that a value may have.</summary>
    public const int MaxLength = 16_384;

    // From here on nothing is written that need not be.
    private const int AmpleLength = 2_000;

    // Where the schema could go on for ever.
    private const int AmpleLevels = 10;

    private const int MaxWords = 6;

    // Items that equal another are thrown again.
    private const int MaxThrows = 2_000;

    // As models write it: escaped only where JSON asks for it.
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = SchemaCompiler.MaxLevels * 2 };

    private readonly Random _random;
    private readonly WordStream _words;
    private readonly MessageFacts? _facts;
    private int _length;
    private int _throws;
    private string? _error;

    private SchemaWriter(Random random, WordStream words, MessageFacts? facts) => (_random, _words, _facts) = (random, words, facts);

    /// <summary>Writes a value.</summary>
    /// <param name="schema">What it is.</param>
    /// <param name="random">The dice.</param>
    /// <param name="words">What strings are made of.</param>
    /// <param name="facts">What arguments are taken from; null for none.</param>
    /// <param name="json">The value as JSON.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryWrite(
        SchemaNode schema, Random random, WordStream words, MessageFacts? facts, [NotNullWhen(true)] out string? json,
        [NotNullWhen(false)] out string? error)
    {
        var writer = new SchemaWriter(random, words, facts);
        var value = writer.Make(schema, "", Math.Max(schema.Height, AmpleLevels));
        error = writer._error;
        json = error is null ? value?.ToJsonString(Plain) ?? "null" : null;
        return error is null;
    }

    // The node's height is not above the levels that are left.
    private JsonNode? Make(SchemaNode node, string name, int levels)
    {
        if (_error is not null || !TrySpend(1))
        {
            return null;
        }

        levels = _length > AmpleLength ? node.Height : levels;
        return node.Form switch
        {
            ChoiceForm choice => Choose(choice),
            OptionForm options => MakeOption(options, name, levels),
            BooleanForm => _facts is not null || _random.Next(2) == 0,
            NumberForm number => MakeNumber(number),
            StringForm text => MakeString(text, name),
            ArrayForm array => MakeArray(array, name, levels),
            ObjectForm form => MakeObject(form, levels),
            _ => null,
        };
    }

    private JsonNode? Choose(ChoiceForm choice)
    {
        var named = choice.Values.FirstOrDefault(value =>
            value?.GetValueKind() == JsonValueKind.String && _facts?.Has(value.GetValue<string>()) == true);
        var chosen = named ?? choice.Values[_facts is null ? _random.Next(choice.Values.Count) : 0];
        return TrySpend(chosen?.ToJsonString(Plain).Length ?? 0) ? chosen?.DeepClone() : null;
    }

    private JsonNode? MakeOption(OptionForm form, string name, int levels)
    {
        var options = form.Options.Where(option => option.Height < levels).ToList();
        return Make(options[_facts is null ? _random.Next(options.Count) : 0], name, levels - 1);
    }

    private JsonValue? MakeNumber(NumberForm form)
    {
        var number = _facts?.TakeNumber(form.Range.Has) ?? form.Range.Draw(_random);
        return TrySpend(1) ? JsonValue.Create(JsonElement.Parse(NumberRange.Write(number))) : null;
    }

    private string? MakeString(StringForm form, string name)
    {
        var text = _facts?.TakeText(name, form.Fits)
            ?? (form.Format is { } format ? FormattedText.Make(format, _random, _words.Next().ToLowerInvariant())
            : form.Pattern is { } pattern ? pattern.Make(_random, Math.Min(form.MaxLength, MaxLength))
            : MakeWords(form));
        if (text is null || text.Length < form.MinLength || text.Length > form.MaxLength)
        {
            _error ??= $"this model finds no text for '{name}' of its 'format' or 'pattern' and length";
        }

        return text is not null && TrySpend(text.Length) ? text : null;
    }

    private string? MakeWords(StringForm form)
    {
        if (!TrySpend(form.MinLength))
        {
            return null;
        }

        var text = new StringBuilder();
        for (var left = 1 + _random.Next(MaxWords); text.Length < form.MinLength || (left > 0 && text.Length < form.MaxLength); left--)
        {
            text.Append(text.Length > 0 ? " " : "").Append(_words.Next());
        }

        text.Length = Math.Min(text.Length, form.MaxLength);
        return text.ToString();
    }

    private JsonArray MakeArray(ArrayForm form, string name, int levels)
    {
        var items = new JsonArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var count = CountOf(form);
        for (var index = 0; index < count && _error is null && form.At(index) is { } item && item.Height < levels; index++)
        {
            if (MakeItem(item, name, levels - 1, form.AreUnique ? seen : null) is var (made, isNew) && isNew)
            {
                items.Add(made);
            }
            else if (items.Count < form.MinItems)
            {
                _error ??= $"this model finds no {form.MinItems} different items for '{name}'";
            }
        }

        return items;
    }

    private int CountOf(ArrayForm form)
    {
        var ample = _length > AmpleLength ? 0 : Math.Max(form.First.Count, _facts is null ? 1 + _random.Next(3) : 1);
        return Math.Clamp(ample, form.MinItems, form.MaxItems);
    }

    private (JsonNode? Item, bool IsNew) MakeItem(SchemaNode schema, string name, int levels, HashSet<string>? seen)
    {
        while (true)
        {
            var before = _length;
            var item = Make(schema, name, levels);
            if (seen?.Add(item?.ToJsonString() ?? "null") ?? true)
            {
                return (item, true);
            }

            if (++_throws > MaxThrows)
            {
                return (null, false);
            }

            _length = before;
        }
    }

    private JsonObject MakeObject(ObjectForm form, int levels)
    {
        var made = new JsonObject();
        foreach (var member in form.Members.Where(member => member.Value.Height < levels))
        {
            if (_error is null && (member.IsRequired || _length <= AmpleLength) && TrySpend(member.Name.Length))
            {
                made[member.Name] = Make(member.Value, member.Name, levels - 1);
            }
        }

        if (form.Others is { } others && others.Height < levels && _length <= AmpleLength)
        {
            var name = _words.Next();
            made[name] = Make(others, name, levels - 1);
        }

        return made;
    }

    private bool TrySpend(int characters)
    {
        _length = (int)Math.Min((long)_length + characters, int.MaxValue);
        if (_length > MaxLength)
        {
            _error ??= $"the answer would be longer than the {MaxLength} characters that this model writes";
        }

        return _error is null;
    }
}
