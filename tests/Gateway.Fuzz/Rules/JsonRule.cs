using Gateway.Core.Json;

namespace Gateway.Fuzz.Rules;

/// <summary>A rule of JSON texts.</summary>
/// <param name="Name">A short name.</param>
/// <param name="Differences">What comes of it.</param>
/// <param name="Error">What we refuse with, when that is the difference; null for any error.</param>
/// <param name="Ours">What we do.</param>
/// <param name="Google">What Google's parser does instead.</param>
/// <param name="Source">Who says that we are right.</param>
/// <param name="Applies">Whether a value of a text is such a place.</param>
internal sealed record JsonRule(string Name, Difference Differences, JsonErrorKind? Error, string Ours, string Google, string Source, Func<JsonPlace, bool> Applies)
    : Rule(Name, Differences, Error, Ours, Google, Source);
