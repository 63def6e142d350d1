namespace Gateway.Api.Configuration;

/// <summary>The console: the page to try models on.</summary>
internal sealed class ConsoleOptions
{
    /// <summary>Whether it is served.</summary>
    public bool Enabled { get; set; } = true;
}
