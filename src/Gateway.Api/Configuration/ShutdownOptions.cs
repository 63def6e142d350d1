namespace Gateway.Api.Configuration;

/// <summary>How the gateway stops when it is told to (SIGTERM, Ctrl+C).</summary>
internal sealed class ShutdownOptions
{
    /// <summary>How long it goes on serving while it says that it is not ready, so that balancers can learn of it.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How long open requests may still take after that; then streams end with an error of their own.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(25);
}
