using Google.Protobuf.Reflection;

namespace Gateway.Core.Schema;

/// <summary>One RPC of the service, with its messages compiled. Immutable.</summary>
public sealed class RpcPlan
{
    internal RpcPlan(MethodDescriptor descriptor, MessagePlan request, MessagePlan response)
    {
        Descriptor = descriptor;
        Request = request;
        Response = response;
        Method = $"{descriptor.Service.FullName}/{descriptor.Name}";
        GrpcPath = $"/{Method}";
        Kind = (descriptor.IsClientStreaming, descriptor.IsServerStreaming) switch
        {
            (false, false) => RpcKind.Unary,
            (false, true) => RpcKind.ServerStreaming,
            (true, false) => RpcKind.ClientStreaming,
            (true, true) => RpcKind.DuplexStreaming,
        };
        ResponseStatus = Field(response, "status", "clarifai.api.status.Status");
        RequestUserApp = Field(request, "user_app_id", "clarifai.api.UserAppIDSet");
    }

    /// <summary>The name in the service, such as <c>PostModelOutputs</c>.</summary>
    public string Name => Descriptor.Name;

    /// <summary>The name with its service, such as <c>clarifai.api.V2/PostModelOutputs</c>.</summary>
    public string Method { get; }

    /// <summary>The path of the gRPC call, such as <c>/clarifai.api.V2/PostModelOutputs</c>.</summary>
    public string GrpcPath { get; }

    /// <summary>Which sides stream.</summary>
    public RpcKind Kind { get; }

    /// <summary>The request message.</summary>
    public MessagePlan Request { get; }

    /// <summary>The response message.</summary>
    public MessagePlan Response { get; }

    /// <summary>The response's <c>status</c>; null when it has none. A response that is a status itself has none either.</summary>
    public FieldPlan? ResponseStatus { get; }

    /// <summary>The request's <c>user_app_id</c>; null when it has none.</summary>
    public FieldPlan? RequestUserApp { get; }

    /// <summary>What the plan was compiled from.</summary>
    public MethodDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static FieldPlan? Field(MessagePlan message, string name, string type) =>
        message.Fields.FirstOrDefault(f => f.ProtoName == name && !f.IsRepeated && f.Message?.FullName == type);
}
