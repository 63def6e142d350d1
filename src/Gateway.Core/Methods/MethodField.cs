using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Clarifai.Api;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Methods;

/// <summary>An argument or a result of a method, as the model's author typed it. Immutable.</summary>
public sealed class MethodField
{
    private MethodField(ModelTypeField field, bool isArgument)
    {
        Name = field.Name;
        Utf8Name = Encoding.UTF8.GetBytes(Name);
        Type = field.Type;
        Row = DataTypeRow.Of(field.Type);
        Items = [.. field.TypeArgs.Select(Of)];
        IsRequired = field.Required;
        IsStreamed = field.Iterator;
        Description = field.Description;
        Default = field.Default.Length > 0 || (isArgument && !field.Required && IsText(field)) ? ReadDefault(field) : null;
        (Minimum, Maximum) = IsNumber(field) ? ReadRange(field.ModelTypeRangeInfo) : default;
        Choices = ReadChoices(field);
    }

    /// <summary>The name; empty for the items of a list or a tuple.</summary>
    public string Name { get; }

    /// <summary>The name as JSON and the wire have it.</summary>
    internal byte[] Utf8Name { get; }

    /// <summary>The type.</summary>
    public DataType Type { get; }

    /// <summary>What there is to know of the type.</summary>
    public DataTypeRow Row { get; }

    /// <summary>
    /// The types inside: one for a list, one each for a tuple, named ones for named fields; empty where the signature does not say.
    /// </summary>
    public ImmutableArray<MethodField> Items { get; }

    /// <summary>Whether a call has to give it.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether it arrives item by item.</summary>
    public bool IsStreamed { get; }

    /// <summary>What it is for; may be empty.</summary>
    public string Description { get; }

    /// <summary>What the model takes when a call leaves it out; null when the signature does not say.</summary>
    public JsonElement? Default { get; }

    /// <summary>The least that a number may be; null when nothing is said.</summary>
    public float? Minimum { get; }

    /// <summary>The most that a number may be; null when nothing is said.</summary>
    public float? Maximum { get; }

    /// <summary>The values that it may be; empty for any of its type.</summary>
    public ImmutableArray<JsonElement> Choices { get; }

    /// <summary>Compiles a result, or what is inside of another field.</summary>
    public static MethodField Of(ModelTypeField field) => new(field, isArgument: false);

    /// <summary>Compiles an argument: a text that may be left out and names no default has the empty one.</summary>
    public static MethodField OfArgument(ModelTypeField field) => new(field, isArgument: true);

    private static bool IsText(ModelTypeField field) => field.Type is DataType.Str or DataType.Text;

    private static bool IsNumber(ModelTypeField field) => field.Type is DataType.Int or DataType.Float;

    // A bound that an author leaves out is on the wire what 0 is: it is one where the two make a range that way.
    private static (float? Minimum, float? Maximum) ReadRange(ModelTypeRangeInfo? range) => range switch
    {
        null => default,
        { Min: var min, Max: 0 } when min >= 0 => (Finite(min), null),
        { Min: 0, Max: < 0 and var max } => (null, Finite(max)),
        _ => (Finite(range.Min), Finite(range.Max)),
    };

    private static float? Finite(float bound) => float.IsFinite(bound) ? bound : null;

    // Each as Python's str() writes it. Where one of them is not of the type, they say nothing.
    private static ImmutableArray<JsonElement> ReadChoices(ModelTypeField field)
    {
        if (!IsText(field) && !IsNumber(field) && field.Type != DataType.Bool)
        {
            return [];
        }

        var choices = field.ModelTypeEnumOptions.Select(option =>
            IsText(field)
                ? JsonSerializer.SerializeToElement(option.Id)
                : TryParse(field.Type == DataType.Bool ? option.Id.ToLowerInvariant() : option.Id)).ToArray();
        return Array.TrueForAll(choices, choice => choice is not null) ? [.. choices.Select(choice => choice!.Value)] : [];
    }

    // JSON, or the bare text of a string.
    private static JsonElement? ReadDefault(ModelTypeField field)
    {
        var json = TryParse(field.Default);
        if (IsText(field) && json is not { ValueKind: JsonValueKind.String or JsonValueKind.Null })
        {
            return JsonSerializer.SerializeToElement(field.Default);
        }

        return json;
    }

    private static JsonElement? TryParse(string json)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
