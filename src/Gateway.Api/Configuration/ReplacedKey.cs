namespace Gateway.Api.Configuration;

/// <summary>A key that was replaced by another one.</summary>
/// <param name="Sha256">Its SHA-256, as 64 hex digits.</param>
/// <param name="Expires">When it ends; null for when it is revoked.</param>
internal sealed record ReplacedKey(string Sha256, DateTimeOffset? Expires);
