namespace Gateway.Api.Configuration;

/// <summary>Which web pages of other origins may use the gateway.</summary>
public sealed class CorsOptions
{
    /// <summary>In place of an origin: every page may.</summary>
    public const string AnyOrigin = "*";

    /// <summary>
    /// Origins, as in <c>https://app.example.com</c> (RFC 6454, 6.2), or <see cref="AnyOrigin"/>. None: browsers keep the answers from pages of other
    /// origins. Such a page needs a key like everybody, unless a tenant serves requests that bring none.
    /// </summary>
    public IList<string> Origins { get; init; } = [];
}
