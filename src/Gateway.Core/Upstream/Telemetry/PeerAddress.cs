namespace Gateway.Core.Upstream.Telemetry;

/// <summary>An upstream address as telemetry names it: made once, so that a measurement allocates nothing.</summary>
internal sealed class PeerAddress(Uri address)
{
    /// <summary>The host, as it was configured.</summary>
    public string Host { get; } = address.Host;

    /// <summary>The port, an <see cref="int"/>.</summary>
    public object Port { get; } = address.Port;
}
