using Gateway.Core.Schema;

namespace Gateway.Core.Upstream;

/// <summary>Is told of a client's calls whose messages are bytes, and has a say in them: limits, budgets, usage. Thread-safe.</summary>
public interface ICallMeter
{
    /// <summary>A call is about to be made, or a stream to be opened. Attempts that follow one another are one call.</summary>
    /// <param name="rpc">What is called.</param>
    /// <param name="origin">Who asks.</param>
    /// <returns>What is told of the rest of this call.</returns>
    IMeteredCall Begin(RpcPlan rpc, in UpstreamCall origin);
}
