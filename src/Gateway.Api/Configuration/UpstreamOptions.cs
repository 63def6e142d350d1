using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Balancing;
using Gateway.Core.Upstream.Retries;

namespace Gateway.Api.Configuration;

/// <summary>
/// Where calls go, and how long one may take. Without an address: to the built-in sandbox. A tenant's credential goes to every address
/// alike, so all of them have to be trusted with it.
/// </summary>
internal sealed class UpstreamOptions : AddressGroupOptions
{
    /// <summary>Where calls go when no address can be reached, in this order.</summary>
    public IList<AddressGroupOptions> Failover { get; init; } = [];

    /// <summary>How long a unary call may take, response and retries included.</summary>
    [Positive]
    public TimeSpan UnaryTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long setting up a connection may take.</summary>
    [Positive]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The largest message accepted from the upstream, in bytes, and the most that the messages of a stream have together which is answered
    /// in one piece; the API's responses reach 128 MB.
    /// </summary>
    [Positive]
    public int MaxResponseBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>The certificates of <c>https://</c> addresses.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>When an address that cannot be reached, or does not work, is left out.</summary>
    public EjectionOptions Ejection { get; set; } = new();

    /// <summary>What is tried again.</summary>
    public RetryOptions Retry { get; set; } = new();
}
