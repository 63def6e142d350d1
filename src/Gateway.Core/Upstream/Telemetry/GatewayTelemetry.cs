using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gateway.Core.Upstream.Telemetry;

/// <summary>The gateway's one meter and one source of spans.</summary>
public static class GatewayTelemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "Gateway";

    /// <summary>What stands for a value out of too many, as OpenTelemetry's conventions have it.</summary>
    public const string Other = "_OTHER";

    /// <summary>Where spans come from.</summary>
    public static readonly ActivitySource Spans = new(Name);

    /// <summary>The meter.</summary>
    public static Meter Meter(IMeterFactory meters) => meters.Create(Name);
}
