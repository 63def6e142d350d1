using Gateway.Core.Json;

namespace Gateway.Fuzz.Rules;

/// <summary>A rule of wire bytes.</summary>
/// <param name="Name">A short name.</param>
/// <param name="Differences">What comes of it.</param>
/// <param name="Error">What we refuse with, when that is the difference; null for any error.</param>
/// <param name="Ours">What we do.</param>
/// <param name="Google">What Google's parser or formatter does instead.</param>
/// <param name="Source">Who says that we are right.</param>
/// <param name="Trait">What bytes have that it is about.</param>
internal sealed record WireRule(string Name, Difference Differences, JsonErrorKind? Error, string Ours, string Google, string Source, WireTraits Trait)
    : Rule(Name, Differences, Error, Ours, Google, Source);
