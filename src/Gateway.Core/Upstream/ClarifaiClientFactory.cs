using Gateway.Core.Upstream.Credentials;

namespace Gateway.Core.Upstream;

/// <summary>
/// Makes clients of the Clarifai API: here a tenant's credentials meet the channels. A client is a value of a shared upstream and what is
/// the tenant's, cheap enough to make per request.
/// </summary>
/// <param name="upstream">Where calls go.</param>
public sealed class ClarifaiClientFactory(UpstreamCluster upstream)
{
    /// <summary>A client of the API.</summary>
    /// <param name="credentials">
    /// Where the calls get what they carry, to whichever address they go; null for RPCs that need nothing.
    /// </param>
    /// <param name="meter">Is told of calls whose messages are bytes; null for nobody.</param>
    public ClarifaiClient Create(ICredentialSource? credentials, ICallMeter? meter = null) => new(upstream, credentials, meter);
}
