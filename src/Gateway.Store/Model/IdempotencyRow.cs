namespace Gateway.Store.Model;

/// <summary>A change that was asked for under a key of the client's, and what was answered.</summary>
internal sealed class IdempotencyRow
{
    public required string Key { get; init; }

    /// <summary>The request's SHA-256, 64 hex digits.</summary>
    public required string RequestSha256 { get; init; }

    /// <summary>The answer, encrypted: it may show a new key.</summary>
    public required byte[] Response { get; init; }

    public long Created { get; init; }
}
