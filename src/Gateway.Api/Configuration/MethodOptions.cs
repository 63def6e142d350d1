using Gateway.Core.Upstream;

namespace Gateway.Api.Configuration;

/// <summary>What the gateway keeps of models' methods.</summary>
internal sealed class MethodOptions
{
    /// <summary>After how long the upstream is asked again whether a model's methods have changed.</summary>
    [Positive]
    public TimeSpan SignatureLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Of how many models, counted for each key, the methods are kept.</summary>
    [Positive]
    public int MaxModels { get; set; } = 1000;
}
