using System.Runtime.CompilerServices;
using Gateway.Api.Configuration;
using Gateway.Core.Methods;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>What all models share whose methods are tools. Thread-safe.</summary>
/// <param name="options">The gateway's options.</param>
/// <param name="logger">The log of tools that fail.</param>
internal sealed class ToolServices(IOptions<GatewayOptions> options, ILogger<ToolServices> logger)
{
    // A model's methods are one object as long as the directory keeps them, and its tools live as long.
    private readonly ConditionalWeakTable<ModelMethods, ToolSet> _tools = [];

    /// <summary>The most bytes of JSON that the results of one call may have together.</summary>
    public long MaxResultBytes { get; } = options.Value.Upstream.MaxResponseBytes;

    /// <summary>The log of tools that fail.</summary>
    internal ILogger Logger => logger;

    /// <summary>The tools that a model's methods are.</summary>
    internal ToolSet ToolsOf(ModelMethods methods) => _tools.GetValue(methods, static methods => new ToolSet(methods));
}
