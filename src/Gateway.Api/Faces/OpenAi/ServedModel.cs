using Gateway.Core.Methods;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>A model of the upstream that the face can serve.</summary>
/// <param name="Address">Where it is, its latest version.</param>
/// <param name="Created">When it was made; the epoch where the upstream does not say.</param>
internal sealed record ServedModel(ModelAddress Address, DateTimeOffset Created);
