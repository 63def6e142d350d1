namespace Gateway.Api.Configuration;

/// <summary>Which web pages of other origins may use the gateway.</summary>
internal sealed class CorsOptions
{
    /// <summary>In place of an origin: every page may.</summary>
    public const string AnyOrigin = "*";

    /// <summary>
    /// Origins, as in <c>https://app.example.com</c> (RFC 6454, 6.2), or <see cref="AnyOrigin"/>. None: browsers keep the answers from
    /// pages of other origins. Such a page needs a key like everybody; the tenant that serves requests without one serves only pages of
    /// these origins, and the gateway's own.
    /// </summary>
    public IList<string> Origins { get; init; } = [];
}
