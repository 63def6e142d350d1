using Gateway.Api.Calls;
using Gateway.Api.Configuration;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Methods;

/// <summary>What the routes of models' methods share.</summary>
public sealed class MethodServices
{
    /// <summary>Collects the services.</summary>
    public MethodServices(CallServices calls, MethodDirectory directory, MessageJson messages, ApiSchema schema, IOptions<GatewayOptions> options)
    {
        Calls = calls;
        Directory = directory;
        Arguments = new ArgumentReader(messages);
        Results = new ResultWriter(messages);
        MaxInputs = options.Value.Limits.MaxModelInputs;
        Predict = schema.Rpc("PostModelOutputs");
        Generate = schema.Rpc("GenerateModelOutputs");
        Stream = schema.Rpc("StreamModelOutputs");
        Get = schema.Rpc("GetModel");
        Access = calls.AccessTo(Predict).Or(calls.AccessTo(Generate), calls.AccessTo(Stream));
    }

    /// <summary>What all handlers share.</summary>
    public CallServices Calls { get; }

    /// <summary>The methods of models.</summary>
    public MethodDirectory Directory { get; }

    /// <summary>Reads arguments.</summary>
    public ArgumentReader Arguments { get; }

    /// <summary>Writes results.</summary>
    public ResultWriter Results { get; }

    /// <summary>The most argument objects in one call.</summary>
    public int MaxInputs { get; }

    /// <summary>Calls a method that answers once.</summary>
    public RpcPlan Predict { get; }

    /// <summary>Calls a method that answers with a stream.</summary>
    public RpcPlan Generate { get; }

    /// <summary>Calls a method that takes a stream as well.</summary>
    public RpcPlan Stream { get; }

    /// <summary>Describes a model.</summary>
    public RpcPlan Get { get; }

    /// <summary>Who may run a model by any of the three RPCs, which have the same request. Which of them it is only the model's method tells.</summary>
    public RpcAccess Access { get; }
}
