namespace Gateway.Api.Stored;

/// <summary>What is wrong with one part of what was asked for.</summary>
/// <param name="Path">Which part: its names, with colons between them, as <c>settings:Limits:Streams</c>.</param>
/// <param name="Sentence">What is wrong, in a sentence that names the part, and never its value.</param>
internal sealed record MemberFault(string Path, string Sentence);
