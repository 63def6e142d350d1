namespace Gateway.Api.OpenApi;

/// <summary>Describes a route of the gateway's own, which no descriptor knows; to be put in its endpoint's metadata.</summary>
/// <param name="Tag">The group that it belongs to.</param>
/// <param name="Name">A name for its operation, which other paths to the same may share.</param>
/// <param name="Summary">What it does, in a sentence.</param>
internal sealed record OwnOperation(string Tag, string Name, string Summary)
{
    /// <summary>The media types that it takes; none for a route without a body.</summary>
    public IReadOnlyList<string> Takes { get; init; } = [];

    /// <summary>The media types that it answers.</summary>
    public IReadOnlyList<string> Answers { get; init; } = ["application/json"];
}
