namespace Gateway.Api.Configuration;

/// <summary>The admin API.</summary>
internal sealed class AdminOptions
{
    /// <summary>Where it listens, a port of its own, as in <c>http://localhost:8082</c>. Empty: nowhere.</summary>
    public string Url { get; set; } = "";

    /// <summary>The SHA-256 of the key that it wants, as 64 hex digits.</summary>
    public string? KeySha256 { get; set => field = value?.Trim(); }
}
