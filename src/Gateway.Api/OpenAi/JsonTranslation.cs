namespace Gateway.Api.OpenAi;

/// <summary>Makes one JSON object of another, without line breaks.</summary>
/// <param name="json">The object; stays the caller's.</param>
/// <returns>What became of it.</returns>
internal delegate ReadOnlyMemory<byte> JsonTranslation(ReadOnlyMemory<byte> json);
