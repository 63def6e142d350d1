namespace Gateway.Core.Schema;

/// <summary>Which sides of an RPC stream.</summary>
public enum RpcKind
{
    /// <summary>One request, one response.</summary>
    Unary,

    /// <summary>One request, many responses.</summary>
    ServerStreaming,

    /// <summary>Many requests, one response.</summary>
    ClientStreaming,

    /// <summary>Many of both.</summary>
    DuplexStreaming,
}
