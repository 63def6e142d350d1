using Clarifai.Api;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;

namespace Gateway.Api.Models;

/// <summary>The RPCs that run models, and the one that describes them.</summary>
internal sealed class MethodRpcs
{
    /// <summary>Looks them up.</summary>
    public MethodRpcs(ApiSchema schema, AccessControl access)
    {
        Predict = schema.Rpc(nameof(V2.V2Base.PostModelOutputs));
        Generate = schema.Rpc(nameof(V2.V2Base.GenerateModelOutputs));
        Stream = schema.Rpc(nameof(V2.V2Base.StreamModelOutputs));
        Get = schema.Rpc(nameof(V2.V2Base.GetModel));
        Access = access.To(Predict).Or(access.To(Generate), access.To(Stream));
    }

    /// <summary>Calls a method that answers once.</summary>
    public RpcPlan Predict { get; }

    /// <summary>Calls a method that answers with a stream.</summary>
    public RpcPlan Generate { get; }

    /// <summary>Calls a method that takes a stream as well.</summary>
    public RpcPlan Stream { get; }

    /// <summary>Describes a model.</summary>
    public RpcPlan Get { get; }

    /// <summary>
    /// Who may run a model by any of the three RPCs, which have the same request. Which of them it is only the model's method tells.
    /// </summary>
    public RpcAccess Access { get; }
}
