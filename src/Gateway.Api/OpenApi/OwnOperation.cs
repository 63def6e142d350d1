namespace Gateway.Api.OpenApi;

/// <summary>
/// Describes a route of the gateway's own, which no descriptor knows; to be put in its endpoint's metadata. What it takes and answers is
/// said by the operation of the same name in the file <c>OpenApi.json</c> of its face.
/// </summary>
/// <param name="Tag">The group that it belongs to.</param>
/// <param name="Name">A name for its operation, which other paths to the same may share.</param>
/// <param name="Summary">What it does, in a sentence.</param>
internal sealed record OwnOperation(string Tag, string Name, string Summary);
