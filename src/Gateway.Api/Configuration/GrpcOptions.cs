namespace Gateway.Api.Configuration;

/// <summary>The gRPC face.</summary>
internal sealed class GrpcOptions
{
    /// <summary>
    /// Where the gateway listens for HTTP/2 without TLS, as in <c>http://localhost:8081</c> or <c>http://*:8081</c>: native gRPC, and the
    /// rest of the API as well. Empty: nowhere; TLS listeners and gRPC-Web need none of it.
    /// </summary>
    public string Url { get; set; } = "http://localhost:8081";
}
