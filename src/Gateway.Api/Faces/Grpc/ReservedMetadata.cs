using System.Collections.Frozen;

namespace Gateway.Api.Faces.Grpc;

/// <summary>
/// The names that HTTP, browsers, proxies or the gateway itself give a meaning to, which is why they cross the gateway in neither
/// direction: a client must not speak to the upstream's proxies as if it were the gateway's, nor an upstream to the client's browser. All
/// other names are the application's. Names of tracing (<c>traceparent</c>, <c>x-b3-*</c>, <c>baggage</c>) are, too.
/// </summary>
internal static class ReservedMetadata
{
    // The IANA registry of HTTP field names: RFC 9110 (semantics), 9111 (caching), 9112, 9113, 9421, 9530, 7240, 8470, 8288, 9449.
    private static readonly string[] OfHttp =
    [
        "accept", "age", "allow", "alt-svc", "alt-used", "authentication-control", "authentication-info", "cache-control", "cache-status",
        "connection", "date",
        "dpop", "dpop-nonce", "early-data", "etag", "expect", "expires", "forwarded", "from", "host", "http2-settings", "keep-alive",
        "last-modified", "link",
        "location", "max-forwards", "mime-version", "pragma", "prefer", "preference-applied", "priority", "range", "referer",
        "repr-digest", "retry-after",
        "server", "signature", "signature-input", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "vary", "via",
        "want-content-digest",
        "want-repr-digest", "warning", "www-authenticate",
    ];

    // Fetch, HTML, Reporting, Permissions Policy, Client Hints, and what browsers made up.
    private static readonly string[] OfBrowsers =
    [
        "clear-site-data", "critical-ch", "device-memory", "dnt", "document-policy", "downlink", "dpr", "ect", "expect-ct",
        "feature-policy", "integrity-policy",
        "last-event-id", "nel", "no-vary-search", "origin", "origin-agent-cluster", "permissions-policy", "ping-from", "ping-to",
        "public-key-pins", "purpose",
        "referrer-policy", "refresh", "report-to", "reporting-endpoints", "rtt", "save-data", "server-timing", "set-login", "sourcemap",
        "speculation-rules",
        "strict-transport-security", "supports-loading-mode", "timing-allow-origin", "tk", "upgrade-insecure-requests", "viewport-width",
        "width",
        "x-content-type-options", "x-dns-prefetch-control", "x-download-options", "x-frame-options", "x-permitted-cross-domain-policies",
        "x-powered-by",
        "x-requested-with", "x-robots-tag", "x-sourcemap", "x-ua-compatible", "x-xss-protection",
    ];

    // What proxies say of their clients, and what servers say to the proxies in front of them. 'x-sendfile' and its like name files to send
    // instead.
    private static readonly string[] OfProxies =
    [
        "client-ip", "remote-user", "surrogate-control", "true-client-ip", "x-client-cert", "x-client-ip", "x-cluster-client-ip",
        "x-forwarded", "x-host", "x-http-method", "x-http-method-override", "x-lighttpd-send-file", "x-litespeed-location",
        "x-method-override",
        "x-proxyuser-ip", "x-real-ip", "x-reproxy-url", "x-rewrite-url", "x-sendfile", "x-url-scheme", "x-varnish",
    ];

    // Credentials of the client's, for whom the gateway has its own; and what an upstream that repeats its request would give away.
    private static readonly string[] Credentials =
    [
        "api-key", "apikey", "authorization", "cookie", "cookie2", "set-cookie", "set-cookie2", "x-access-token", "x-api-key",
        "x-auth-token",
        "x-clarifai-session-token", "x-goog-api-key", "x-id-token",
    ];

    // What the gateway sends anew on either side, and what a client of gRPC-Web says of itself.
    private static readonly string[] OfTheGateway = ["x-grpc-web", "x-request-id", "x-user-agent"];

    private static readonly string[] Prefixes =
    [
        // HTTP and browsers.
        "accept-", "access-control-", "attribution-reporting-", "content-", "cross-origin-", "if-", "proxy-", "sec-", "service-worker",

        // Proxies: nginx ('x-accel-', 'ssl-'), Envoy, CDNs and clouds.
        "cdn-", "cf-", "fastly-", "fly-", "ssl-", "wl-proxy-", "x-accel-", "x-amz-cf-", "x-amzn-", "x-appengine-", "x-azure-", "x-envoy-",
        "x-forwarded-",
        "x-original-", "x-ssl-",

        // Identities that proxies vouch for: oauth2-proxy, Google's IAP, Azure's App Service, Grafana's and others' auth proxies.
        "remote-", "x-auth-request-", "x-authenticated-", "x-authentik-", "x-goog-authenticated-user-", "x-goog-iap-",
        "x-ms-client-principal", "x-ms-token-",
        "x-pomerium-", "x-remote-", "x-vouch-", "x-webauth-",
    ];

    private static readonly FrozenSet<string> Names =
        FrozenSet.ToFrozenSet([.. OfHttp, .. OfBrowsers, .. OfProxies, .. Credentials, .. OfTheGateway]);

    // The protocol's own (PROTOCOL-HTTP2.md, "Reserved"), of which clients get what is theirs to read: the richer status, and gRFC A6's.
    private const string Grpc = "grpc-";

    private static readonly FrozenSet<string> GrpcOfResponses =
        FrozenSet.ToFrozenSet(["grpc-previous-rpc-attempts", "grpc-retry-pushback-ms", "grpc-status-details-bin"]);

    /// <summary>Whether a key of a client stays on this side; in lower case. HTTP/2's own begin with a colon.</summary>
    public static bool IsOfRequests(string key) => key[0] == ':' || key.StartsWith(Grpc, StringComparison.Ordinal) || IsReserved(key);

    /// <summary>Whether a key of the upstream stays on its side; in lower case.</summary>
    public static bool IsOfResponses(string key) =>
        key.StartsWith(Grpc, StringComparison.Ordinal) ? !GrpcOfResponses.Contains(key) : IsReserved(key);

    // To what passes headers on as variables (RFC 3875, 4.1.18), 'x_real.ip' is 'x-real-ip'.
    private static bool IsReserved(string key)
    {
        var name = key.AsSpan().ContainsAny('_', '.') ? key.Replace('_', '-').Replace('.', '-') : key;
        return Names.Contains(name) || HasPrefix(name);
    }

    private static bool HasPrefix(string name)
    {
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
