using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Schemas;

/// <summary>What a schema lets a value be.</summary>
internal abstract record SchemaForm;

/// <summary>One of these values (<c>enum</c>, <c>const</c>, <c>null</c>).</summary>
/// <param name="Values">At least one.</param>
internal sealed record ChoiceForm(IReadOnlyList<JsonNode?> Values) : SchemaForm;

/// <summary>What one of these lets it be (<c>anyOf</c>, <c>oneOf</c>, several types, <c>$ref</c>).</summary>
/// <param name="Options">None for a schema that nothing is valid by.</param>
internal sealed record OptionForm(IReadOnlyList<SchemaNode> Options) : SchemaForm;

/// <summary>True or false.</summary>
internal sealed record BooleanForm : SchemaForm;

/// <summary>A number.</summary>
/// <param name="Range">The numbers to choose from.</param>
/// <param name="IsInteger">Whether it is a whole one.</param>
internal sealed record NumberForm(NumberRange Range, bool IsInteger) : SchemaForm;

/// <summary>A string.</summary>
/// <param name="MinLength">The fewest characters.</param>
/// <param name="MaxLength">The most characters.</param>
/// <param name="Format">The format, one of <see cref="FormattedText.Names"/>; null for words.</param>
/// <param name="Pattern">What it looks like; null for words.</param>
internal sealed record StringForm(int MinLength, int MaxLength, string? Format, TextPattern? Pattern) : SchemaForm
{
    public static StringForm Any { get; } = new(0, int.MaxValue, null, null);

    public bool Fits(string text) => Format is null && Pattern is null && text.Length >= MinLength && text.Length <= MaxLength;
}

/// <summary>A list.</summary>
/// <param name="First">What its first items are, one each.</param>
/// <param name="Items">What the others are; null when there are none.</param>
/// <param name="MinItems">The fewest items.</param>
/// <param name="MaxItems">The most items.</param>
/// <param name="AreUnique">Whether no two items may be equal.</param>
internal sealed record ArrayForm(IReadOnlyList<SchemaNode> First, SchemaNode? Items, int MinItems, int MaxItems, bool AreUnique)
    : SchemaForm
{
    public SchemaNode? At(int index) => index < First.Count ? First[index] : Items;
}

/// <summary>An object.</summary>
/// <param name="Members">Its members, in the order of the schema.</param>
/// <param name="Others">What members of other names are, in an object that is a dictionary; else null.</param>
internal sealed record ObjectForm(IReadOnlyList<MemberForm> Members, SchemaNode? Others) : SchemaForm;

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What it is.</param>
/// <param name="IsRequired">Whether no object goes without it.</param>
internal sealed record MemberForm(string Name, SchemaNode Value, bool IsRequired);
