using Gateway.Core.Upstream;

namespace Gateway.Sandbox;

/// <summary>How the sandbox runs; the configuration section is <c>Gateway:Sandbox</c>.</summary>
public sealed record SandboxOptions
{
    /// <summary>
    /// The host names from which images may be fetched, optionally with a port (<c>images.example.org</c>, <c>localhost:9000</c>); none by
    /// default.
    /// </summary>
    public IReadOnlyList<string> AllowedImageHosts { get; init; } = [];

    /// <summary>The keys that are accepted; null means any key, and no key, is. An empty list accepts none.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>The pause between two pieces of a generated stream, so that a person sees them arrive; zero for none.</summary>
    public TimeSpan TokenDelay { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>How long fetching one image may take.</summary>
    [Positive]
    public TimeSpan ImageFetchTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Tells everything but the keys.</summary>
    public override string ToString() =>
        $"allowed image hosts: [{string.Join(", ", AllowedImageHosts)}]; "
        + $"{(Keys is null ? "any key" : $"{Keys.Count} keys")}; token delay: {TokenDelay}";
}
