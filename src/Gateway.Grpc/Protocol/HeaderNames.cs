namespace Gateway.Grpc.Protocol;

/// <summary>Header names of gRPC over HTTP/2 (PROTOCOL-HTTP2.md).</summary>
internal static class HeaderNames
{
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string ContentType = "content-type";
    public const string Encoding = "grpc-encoding";
    public const string Message = "grpc-message";
    public const string Status = "grpc-status";
    public const string StatusDetails = "grpc-status-details-bin";
    public const string TE = "te";
    public const string Timeout = "grpc-timeout";
    public const string UserAgent = "user-agent";

    /// <summary>Whether a name (in any case) belongs to gRPC or HTTP itself and therefore is no metadata.</summary>
    public static bool IsReserved(string name) => name.Length switch
    {
        > 0 when name[0] == ':' => true,
        2 => Is(name, TE),
        4 => Is(name, "host"),
        7 => Is(name, "upgrade") || Is(name, "trailer"),
        10 => Is(name, "connection") || Is(name, "keep-alive"),
        11 => Is(name, Status),
        12 => Is(name, ContentType) || Is(name, Timeout) || Is(name, Message),
        13 => Is(name, Encoding),
        14 => Is(name, "content-length"),
        16 => Is(name, "proxy-connection"),
        17 => Is(name, "transfer-encoding"),
        20 => Is(name, AcceptEncoding),
        23 => Is(name, StatusDetails),
        _ => false,
    };

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
