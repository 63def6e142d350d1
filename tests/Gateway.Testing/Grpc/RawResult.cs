using Grpc.Core;

namespace Gateway.Testing.Grpc;

/// <summary>How a call of <see cref="RawChannel"/> ended.</summary>
/// <param name="Status">Its status, without what the client alone knows.</param>
/// <param name="Message">The first message; null when there was none.</param>
/// <param name="Headers">The response's headers.</param>
/// <param name="Trailers">The response's trailers.</param>
public sealed record RawResult(Status Status, byte[]? Message, Metadata Headers, Metadata Trailers);
