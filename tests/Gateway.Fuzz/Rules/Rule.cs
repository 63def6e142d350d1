using Gateway.Core.Json;

namespace Gateway.Fuzz.Rules;

/// <summary>A place where protobuf's rules and Google's C# library differ, so that we differ from the latter on purpose.</summary>
/// <param name="Name">A short name.</param>
/// <param name="Differences">What comes of it.</param>
/// <param name="Error">What we refuse with, when that is the difference; null for any error.</param>
/// <param name="Ours">What we do.</param>
/// <param name="Google">What Google's library does instead.</param>
/// <param name="Source">Who says that we are right.</param>
internal abstract record Rule(string Name, Difference Differences, JsonErrorKind? Error, string Ours, string Google, string Source);
