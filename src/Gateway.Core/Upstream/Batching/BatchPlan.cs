using Gateway.Core.Schema;
using Gateway.Core.Wire;
using Google.Protobuf.Reflection;

namespace Gateway.Core.Upstream.Batching;

/// <summary>
/// Where an RPC has what its requests can be joined by: a list of inputs, and one element of the answer for each. Compiled from the
/// descriptors. Immutable.
/// </summary>
internal sealed class BatchPlan
{
    private BatchPlan(FieldDescriptor inputs, FieldDescriptor elements, MessageDescriptor request, MessageDescriptor response)
    {
        InputsTag = TagOf(inputs);
        DataField = inputs.MessageType.FindFieldByName("data").FieldNumber;
        MetadataField = inputs.MessageType.FindFieldByName("data").MessageType.FindFieldByName("metadata").FieldNumber;
        ElementsTag = TagOf(elements);
        ElementStatusField = elements.MessageType.FindFieldByName("status").FieldNumber;
        StatusTag = TagOf(response.FindFieldByName("status"));
        RequestStateTag = request.FindFieldByName("workflow_state") is { } state ? TagOf(state) : 0;
        ResponseStateTag = response.FindFieldByName("workflow_state") is { } answered ? TagOf(answered) : 0;
    }

    /// <summary>The tag of an input in a request.</summary>
    public uint InputsTag { get; }

    /// <summary>The field of an input's data.</summary>
    public int DataField { get; }

    /// <summary>The field of the data's metadata, which names the method that is to be called.</summary>
    public int MetadataField { get; }

    /// <summary>The tag of a workflow's state in a request, which is one client's; 0 for none.</summary>
    public uint RequestStateTag { get; }

    /// <summary>The tag of an answer's element for one input.</summary>
    public uint ElementsTag { get; }

    /// <summary>The field of an element's status.</summary>
    public int ElementStatusField { get; }

    /// <summary>The tag of an answer's status.</summary>
    public uint StatusTag { get; }

    /// <summary>The tag of a workflow's state in an answer; 0 for none.</summary>
    public uint ResponseStateTag { get; }

    /// <summary>The plan of an RPC; null when its requests cannot be joined.</summary>
    public static BatchPlan? Of(RpcPlan rpc) => rpc.Name switch
    {
        "PostModelOutputs" => Compile(rpc, "outputs"),
        "PostWorkflowResults" => Compile(rpc, "results"),
        _ => null,
    };

    /// <summary>The most inputs of one call.</summary>
    public int MaxInputs(BatchLimits limits) => RequestStateTag == 0 ? limits.MaxModelInputs : limits.MaxWorkflowInputs;

    private static BatchPlan? Compile(RpcPlan rpc, string elements)
    {
        var (request, response) = (rpc.Descriptor.InputType, rpc.Descriptor.OutputType);
        return request.FindFieldByName("inputs") is { IsRepeated: true, FieldType: FieldType.Message } inputs
            && response.FindFieldByName(elements) is { IsRepeated: true, FieldType: FieldType.Message } list
            && rpc.ResponseStatus is not null
                ? new BatchPlan(inputs, list, request, response)
                : null;
    }

    private static uint TagOf(FieldDescriptor field) => ((uint)field.FieldNumber << 3) | (uint)WireType.LengthDelimited;
}
