namespace Gateway.Api.Faces.OpenAi.Translation;

/// <summary>Makes one JSON object of another.</summary>
/// <param name="json">The object, without line breaks; stays the caller's.</param>
/// <returns>What became of it, without line breaks; empty when the object is not of the kind that was to come.</returns>
internal delegate ReadOnlyMemory<byte> JsonTranslation(ReadOnlyMemory<byte> json);
