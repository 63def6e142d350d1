namespace Gateway.Api.Configuration;

/// <summary>Where calls go, and how long one may take.</summary>
public sealed class UpstreamOptions
{
    /// <summary>
    /// The upstream's address: <c>http://</c> is cleartext HTTP/2, <c>https://</c> is TLS. Null: the built-in sandbox.
    /// </summary>
    public Uri? Address { get; set; }

    /// <summary>How long a unary call may take, response included.</summary>
    public TimeSpan UnaryTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long setting up a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest message accepted from the upstream, in bytes; the API's responses reach 128 MB.</summary>
    public int MaxResponseBytes { get; set; } = 128 * 1024 * 1024;
}
