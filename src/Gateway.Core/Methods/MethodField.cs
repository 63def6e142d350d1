using System.Collections.Immutable;
using System.Text.Json;
using Clarifai.Api;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Methods;

/// <summary>An argument or a result of a method, as the model's author typed it. Immutable.</summary>
public sealed class MethodField
{
    private MethodField(ModelTypeField field)
    {
        Name = field.Name;
        Type = field.Type;
        Items = [.. field.TypeArgs.Select(Of)];
        IsRequired = field.Required;
        IsStreamed = field.Iterator;
        Description = field.Description;
        Default = field.Default.Length == 0 ? null : ReadDefault(field);
    }

    /// <summary>The name; empty for the items of a list or a tuple.</summary>
    public string Name { get; }

    /// <summary>The type.</summary>
    public DataType Type { get; }

    /// <summary>The types inside: one for a list, one each for a tuple, named ones for named fields; empty where the signature does not say.</summary>
    public ImmutableArray<MethodField> Items { get; }

    /// <summary>Whether a call has to give it.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether it arrives item by item.</summary>
    public bool IsStreamed { get; }

    /// <summary>What it is for; may be empty.</summary>
    public string Description { get; }

    /// <summary>What the model takes when a call leaves it out; null when the signature does not say.</summary>
    public JsonElement? Default { get; }

    /// <summary>Compiles a field of a signature.</summary>
    public static MethodField Of(ModelTypeField field) => new(field);

    // JSON, or the bare text of a string.
    private static JsonElement? ReadDefault(ModelTypeField field)
    {
        var isText = field.Type is DataType.Str or DataType.Text;
        var json = TryParse(field.Default);
        if (isText && json is not { ValueKind: JsonValueKind.String or JsonValueKind.Null })
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
