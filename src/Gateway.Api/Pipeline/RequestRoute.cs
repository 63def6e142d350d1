using Gateway.Api.Tenancy;

namespace Gateway.Api.Pipeline;

/// <summary>What is known of requests before they are read.</summary>
/// <param name="Path">The path template, for the log.</param>
/// <param name="Rpc">The RPC that the route calls, for the log; null when only the request tells.</param>
/// <param name="Access">Who may call.</param>
internal sealed record RequestRoute(string Path, string? Rpc, RpcAccess Access);
