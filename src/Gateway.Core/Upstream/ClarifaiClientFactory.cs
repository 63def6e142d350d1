using Gateway.Core.Schema;

namespace Gateway.Core.Upstream;

/// <summary>
/// Makes clients of the Clarifai API. A client is a value of a shared upstream and one tenant's credential, cheap enough to
/// make per request.
/// </summary>
/// <param name="schema">The compiled API.</param>
public sealed class ClarifaiClientFactory(ApiSchema schema)
{
    /// <summary>A client of the API at an upstream.</summary>
    /// <param name="upstream">Where calls go.</param>
    /// <param name="credential">What the calls carry, to whichever address they go; null for RPCs that need none.</param>
    public ClarifaiClient Create(UpstreamCluster upstream, Pat? credential) => new(schema, upstream, credential);
}
