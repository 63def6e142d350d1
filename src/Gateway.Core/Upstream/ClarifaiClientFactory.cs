using Gateway.Core.Schema;

namespace Gateway.Core.Upstream;

/// <summary>
/// Makes clients of the Clarifai API. A client is a value of a shared channel and one tenant's credential, cheap enough to
/// make per request.
/// </summary>
/// <param name="schema">The compiled API.</param>
/// <param name="channels">The channels that clients share.</param>
public sealed class ClarifaiClientFactory(ApiSchema schema, ChannelPool channels)
{
    /// <summary>A client of the API at an address.</summary>
    /// <param name="address"><c>http://</c> for cleartext HTTP/2, <c>https://</c> for TLS.</param>
    /// <param name="credential">What the calls carry; null for RPCs that need none.</param>
    public ClarifaiClient Create(Uri address, Pat? credential) => new(schema, channels.Get(address), credential);
}
