namespace Gateway.Store.Definitions;

/// <summary>A key to be stored. The key itself stays with who made it.</summary>
/// <param name="Sha256">The key's SHA-256, 64 hex digits.</param>
/// <param name="Prefix">What is shown of the key, for people to know it by: too little to guess the rest.</param>
/// <param name="Settings">One JSON object.</param>
/// <param name="Expires">From when on it does not work; null for never.</param>
public sealed record NewKey(string Sha256, string Prefix, string Settings, DateTimeOffset? Expires = null);
