using Clarifai.Api;
using Gateway.Api.Configuration;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Pipeline;

/// <summary>How many inputs one call may have.</summary>
internal sealed class InputLimits(IOptions<GatewayOptions> options)
{
    private readonly LimitOptions _limits = options.Value.Limits;

    /// <summary>The limit of an RPC; null for those that take no inputs.</summary>
    public ElementLimit? Of(RpcPlan rpc) => rpc.Request.FullName switch
    {
        "clarifai.api.PostModelOutputsRequest" => Limit(rpc, PostModelOutputsRequest.InputsFieldNumber, _limits.MaxModelInputs),
        "clarifai.api.PostWorkflowResultsRequest" => Limit(rpc, PostWorkflowResultsRequest.InputsFieldNumber, _limits.MaxWorkflowInputs),
        _ => null,
    };

    private static ElementLimit Limit(RpcPlan rpc, int field, int max) => new(rpc.Request.Fields.Single(plan => plan.Number == field), max);
}
