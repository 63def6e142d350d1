using Gateway.Api.Configuration;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Gateway.Core.Wire;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Models;

/// <summary>What the routes of models' methods share.</summary>
internal sealed class MethodServices
{
    /// <summary>Collects the services.</summary>
    public MethodServices(CallServices calls, MethodDirectory directory, MessageJson messages, ApiSchema schema, IOptions<GatewayOptions> options)
    {
        Calls = calls;
        Directory = directory;
        Arguments = new ArgumentPlans(schema, calls.JsonLimits);
        Results = new ResultWriter(messages);
        MaxInputs = options.Value.Limits.MaxModelInputs;
        MaxAnswerBytes = options.Value.Upstream.MaxResponseBytes;
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

    /// <summary>What arguments are written by.</summary>
    public ArgumentPlans Arguments { get; }

    /// <summary>Writes results.</summary>
    public ResultWriter Results { get; }

    /// <summary>The most argument objects in one call.</summary>
    public int MaxInputs { get; }

    /// <summary>The most bytes that all messages of an answer have together that is given in one piece.</summary>
    public long MaxAnswerBytes { get; }

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

    /// <summary>Arguments of a call.</summary>
    /// <param name="method">The method.</param>
    /// <param name="wire">Takes them as wire bytes of the request.</param>
    public ArgumentSet ArgumentsOf(ModelMethod method, WireWriter wire) => new(method, Arguments, wire, Calls.Segments);
}
