namespace Gateway.Core.Upstream;

/// <summary>
/// Makes clients of the Clarifai API: here a tenant's credential meets the channels. A client is a value of a shared upstream and one
/// tenant's credential, cheap enough to make per request.
/// </summary>
/// <param name="upstream">Where calls go.</param>
public sealed class ClarifaiClientFactory(UpstreamCluster upstream)
{
    /// <summary>A client of the API.</summary>
    /// <param name="credential">What the calls carry, to whichever address they go; null for RPCs that need none.</param>
    public ClarifaiClient Create(Pat? credential) => new(upstream, credential);
}
