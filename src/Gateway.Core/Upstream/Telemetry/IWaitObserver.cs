namespace Gateway.Core.Upstream.Telemetry;

/// <summary>
/// Is told while something waits on behalf of a request, and when it is tried again. Waits of several calls may overlap; each that begins
/// ends once. Thread-safe, and does not throw.
/// </summary>
public interface IWaitObserver
{
    /// <summary>A wait begins.</summary>
    void BeginWait();

    /// <summary>A wait is over.</summary>
    void EndWait();

    /// <summary>Another attempt follows one that failed.</summary>
    void Retry();
}
