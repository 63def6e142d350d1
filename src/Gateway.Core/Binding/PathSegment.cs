namespace Gateway.Core.Binding;

/// <summary>One segment of a <see cref="PathTemplate"/>: either fixed text or a field's value.</summary>
/// <param name="Literal">The fixed text; null for a variable.</param>
/// <param name="Variable">The field that takes the segment's value; null for a literal.</param>
public sealed record PathSegment(string? Literal, FieldPath? Variable);
