namespace Gateway.Api.OpenAi.Translation;

/// <summary>Makes one JSON object of another, without line breaks.</summary>
/// <param name="json">The object; stays the caller's.</param>
/// <returns>What became of it; empty when the object is not of the kind that was to come.</returns>
internal delegate ReadOnlyMemory<byte> JsonTranslation(ReadOnlyMemory<byte> json);
