using System.Collections.Frozen;
using Gateway.Core.Schema;

namespace Gateway.Api.Usage;

/// <summary>The plans of all RPCs that run models.</summary>
internal sealed class PredictionPlans(ApiSchema schema)
{
    private readonly FrozenDictionary<RpcPlan, PredictionPlan> _plans = schema.Rpcs
        .Select(rpc => (Rpc: rpc, Plan: PredictionPlan.Of(rpc)))
        .Where(entry => entry.Plan is not null)
        .ToFrozenDictionary(entry => entry.Rpc, entry => entry.Plan!);

    /// <summary>The plan of an RPC; null when it runs no model.</summary>
    public PredictionPlan? Of(RpcPlan rpc) => _plans.GetValueOrDefault(rpc);
}
