using System.Collections.Immutable;

namespace Gateway.Store.Definitions;

/// <summary>A part of a list.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Next">What to ask for the next part with; null when this is the last.</param>
public sealed record StorePage<T>(ImmutableArray<T> Items, string? Next);
