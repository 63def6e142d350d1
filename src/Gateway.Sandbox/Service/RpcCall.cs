namespace Gateway.Sandbox.Service;

/// <summary>What a handler knows of its call beside the request.</summary>
/// <param name="RequestId">The caller's <c>x-request-id</c>, or one made here.</param>
/// <param name="CancellationToken">Fires when the caller has gone or the deadline has passed.</param>
internal sealed record RpcCall(string RequestId, CancellationToken CancellationToken);
